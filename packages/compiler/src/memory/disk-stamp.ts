/**
 * Identity, size and times of files, as one hash: while it is the same, nobody has written to them and no content need be
 * read. `ctime` cannot be set back, unlike the time of the content. Whoever finds another stamp compares contents.
 */
import { createHash, type Hash } from "node:crypto";
import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type BuildInputs, CODE, CONFIGURATION, isSearched } from "./input-digest.js";

/** What a stamp covers. Absolute paths. */
export interface Stamped {
  /** Inputs of a build. */
  readonly inputs: BuildInputs;
  /** Folder that builds write to: no input. */
  readonly outputs: string;
  /** Folders of which every file counts. */
  readonly whole: readonly string[];
}

/** The stamp, base64url. A missing file has one, too. */
export function diskStamp({ inputs, outputs, whole }: Stamped): string {
  const hash = createHash("sha256");
  for (const file of inputs.files) stampFile(hash, file);
  for (const folder of inputs.folders) stampNames(hash, folder, outputs);
  for (const folder of whole) stampWhole(hash, folder);
  return hash.digest("base64url");
}

function stampFile(hash: Hash, file: string): void {
  const now = statSync(file, { throwIfNoEntry: false });
  hash.update(now ? `${file}\0${now.ino} ${now.size} ${now.mtimeMs} ${now.ctimeMs}\0` : `${file}\0-\0`);
}

/** Names of code files, and stamps of configurations. */
function stampNames(hash: Hash, folder: string, outputs: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isSearched(entry.name, path, outputs)) stampNames(hash, path, outputs);
    } else if (CONFIGURATION.test(entry.name)) stampFile(hash, path);
    else if (CODE.test(entry.name)) hash.update(`${path}\0`);
  }
}

function stampWhole(hash: Hash, folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) stampWhole(hash, path);
    else stampFile(hash, path);
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // gone: its files are missing from the stamp
  }
}
