/** A small tree of installed packages in a temporary folder, for tests. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files by path under the folder; `link:` texts are symbolic links. */
export interface Tree extends Disposable {
  /** Absolute path of the folder. */
  readonly folder: string;
}

/** Writes the files; disposing removes them. */
export function makeTree(files: Readonly<Record<string, string>>): Tree {
  const folder = mkdtempSync(join(tmpdir(), "census-"));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text.startsWith("link:")) symlinkSync(text.slice("link:".length), file);
    else writeFileSync(file, text);
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
