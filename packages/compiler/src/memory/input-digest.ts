/** One hash over everything that a build was made of. Reads files; imports neither ts-morph nor esbuild. */
import { createHash, type Hash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { relativePosix } from "../project/relative-posix.js";

/** What a build was made of. Posix paths relative to the project's root. */
export interface BuildInputs {
  /** Files whose content counts. */
  readonly files: readonly string[];
  /** Folders in which a new file would belong to the project, with everything below them. */
  readonly folders: readonly string[];
}

const CODE = /\.(?:[cm]?[jt]sx?|json)$/;
/** Found by name from where a file lies, so one that appears changes the meaning of files that did not. */
const CONFIGURATION = /^(?:package|tsconfig.*)\.json$/;

/**
 * SHA-256 over the inputs as they are now and the compiler's own code, base64url. A missing file has a digest too.
 * `outputs` is a folder to leave out: what a build writes is no input of the next.
 */
export function digestInputs(root: string, { files, folders }: BuildInputs, outputs: string): string {
  const hash = createHash("sha256");
  const compiler = resolve(import.meta.dirname, "..");
  digestFolder(hash, { root: compiler, outputs, contents: true }, compiler);
  for (const folder of folders) digestFolder(hash, { root, outputs, contents: false }, resolve(root, folder));
  for (const file of files) digestFile(hash, root, resolve(root, file));
  return hash.digest("base64url");
}

interface FolderRules {
  /** Names are relative to it. */
  readonly root: string;
  readonly outputs: string;
  /** Contents of all files count, not of configurations alone. */
  readonly contents: boolean;
}

/** Names of all code files below a folder, and the contents that count. */
function digestFolder(hash: Hash, rules: FolderRules, folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const skipped = entry.name === "node_modules" || entry.name.startsWith(".") || path === rules.outputs;
      if (!skipped) digestFolder(hash, rules, path);
    } else if (CODE.test(entry.name)) {
      hash.update(JSON.stringify(relativePosix(rules.root, path)));
      if (rules.contents || CONFIGURATION.test(entry.name)) digestFile(hash, rules.root, path);
    }
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // gone: its files are missing from the digest
  }
}

function digestFile(hash: Hash, root: string, file: string): void {
  let content: Buffer | undefined;
  try {
    content = readFileSync(file);
  } catch {
    // Missing counts as content of its own.
  }
  hash.update(JSON.stringify([relativePosix(root, file), content?.byteLength ?? null]));
  if (content) hash.update(content);
}
