/** What is in a file, as a hash: the filter `file_sha256` of templates, which reaches files of the project and of its pipeline alone. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, realpathSync } from "node:fs";
import { resolve, sep } from "node:path";

const CHUNK = 1 << 20;

/**
 * Hashes files below folders, by paths from them: the first folder that has such a file.
 * @returns A function that throws for a path that leads out of them, also by a link, and for what cannot be read.
 */
export function fileHashBelow(folders: readonly string[]): (path: string) => string {
  return (path) => {
    for (const folder of folders) {
      const file = realPathOf(resolve(folder, path));
      if (file === undefined) continue;
      if (!file.startsWith(realpathSync(folder) + sep)) throw new Error(`${path} leads out of ${folder}`);
      return sha256Of(file, path);
    }
    throw new Error(`there is no file ${path} in ${folders.join(" or ")}`);
  };
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** A piece at a time: what tasks read may be larger than memory. */
function sha256Of(file: string, shown: string): string {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK);
  try {
    const handle = openSync(file, "r");
    try {
      for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer))
        hash.update(buffer.subarray(0, read));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new Error(`${shown} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return hash.digest("hex");
}
