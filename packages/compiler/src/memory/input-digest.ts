/** One hash over everything that a build was made of. Reads files; imports neither ts-morph nor esbuild. */
import { createHash, type Hash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { relativePosix } from "../project/relative-posix.js";
import { ownCode } from "./own-code.js";

/** What a build was made of. Posix paths relative to the project's root. */
export interface BuildInputs {
  /** Files whose content counts. */
  readonly files: readonly string[];
  /** Folders in which a new file would belong to the project, with everything below them. */
  readonly folders: readonly string[];
}

/** Files by whose names a project may be made of other modules. */
export const CODE: RegExp = /\.(?:[cm]?[jt]sx?|json)$/;
/** Found by name from where a file lies, so one that appears changes the meaning of files that did not. */
export const CONFIGURATION: RegExp = /^(?:package|tsconfig.*)\.json$/;

/** Inputs as they are on the disk. */
export interface InputState {
  /** SHA-256 over the inputs and the compiler's own code, base64url. A missing file has a digest too. */
  readonly digest: string;
  /** When one of them changed last: ms since 1970, by the file system's clock. */
  readonly changedAt: number;
}

/** Reads the inputs. `outputs` is a folder to leave out: what a build writes is no input of the next. */
export function readInputs(root: string, { files, folders }: BuildInputs, outputs: string): InputState {
  const own = new Reading();
  for (const file of ownCode()) digestFile(own, dirname(file), file);
  const reading = new Reading();
  for (const folder of folders) digestFolder(reading, { root, outputs }, resolve(root, folder));
  for (const file of files) digestFile(reading, root, resolve(root, file));
  return {
    digest: `${own.hash.digest("base64url")} ${reading.hash.digest("base64url")}`,
    changedAt: reading.changedAt,
  };
}

class Reading {
  readonly hash: Hash = createHash("sha256");
  changedAt = 0;

  /** Takes the time of the last change of content, name or place: unlike that of the content, nobody can set it back. */
  touch(path: string): void {
    this.changedAt = Math.max(this.changedAt, statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0);
  }
}

interface FolderRules {
  /** Names are relative to it. */
  readonly root: string;
  readonly outputs: string;
}

/** Names of all code files below a folder, and the contents that count. */
function digestFolder(reading: Reading, rules: FolderRules, folder: string): void {
  // What is taken away leaves its trace here alone; where the output folder lies, the build itself leaves one.
  if (folder !== dirname(rules.outputs)) reading.touch(folder);
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isSearched(entry.name, path, rules.outputs)) digestFolder(reading, rules, path);
    } else if (CODE.test(entry.name)) {
      reading.hash.update(JSON.stringify(relativePosix(rules.root, path)));
      if (CONFIGURATION.test(entry.name)) digestFile(reading, rules.root, path);
    }
  }
}

/** True for a folder in which modules of a project may lie. */
export function isSearched(name: string, path: string, outputs: string): boolean {
  return name !== "node_modules" && !name.startsWith(".") && path !== outputs;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // gone: its files are missing from the digest
  }
}

function digestFile(reading: Reading, root: string, file: string): void {
  let content: Buffer | undefined;
  try {
    content = readFileSync(file);
  } catch {
    // Missing counts as content of its own.
  }
  reading.touch(file);
  reading.hash.update(JSON.stringify([relativePosix(root, file), content?.byteLength ?? null]));
  if (content) reading.hash.update(content);
}
