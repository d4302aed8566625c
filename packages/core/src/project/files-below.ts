/** The files of a folder that a user has named. */
import { readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Paths of all files below a folder, sorted by folder. Links count as what they lead to, but no folder is read twice: one that leads back up ends there.
 * A link to nothing is no file.
 * @throws what Node says of a folder that cannot be read.
 */
export function filesBelow(folder: string): readonly string[] {
  return filesIn(folder, new Set());
}

function filesIn(folder: string, seen: Set<string>): readonly string[] {
  const real = realpathSync(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const found = lookAt(path);
      if (found?.isDirectory()) return filesIn(path, seen);
      return found?.isFile() ? [path] : [];
    });
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
