/**
 * What a build was made of, as it was when last looked at: contents of files, names in folders. Events of the disk only
 * say when to look; whether something has changed is decided here, so that a touch or a save without an edit is none.
 */
import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type BuildInputs, CODE, CONFIGURATION, isSearched } from "../memory/input-digest.js";
import { isInside } from "../project/relative-posix.js";

/**
 * By how much the file system's clock may lag behind that of the process, ms: it moves with the kernel's timer, 100 to 1,000
 * times a second. Less than changes take to settle, so that what a build begins with is not built twice.
 */
const CLOCK_MS = 20;
/** Content of what may have been read before or after its last change. */
const UNSURE = "?";

/** A file or folder as it was. */
interface Seen {
  /** Identity, size and times: while they are the same, the content is not read again. */
  readonly stamp: string;
  /** Hash of the content, or the names; empty if there is no such file. */
  readonly content: string;
}

/** The state of some inputs, by absolute path. */
export interface InputSnapshot {
  readonly files: ReadonlyMap<string, Seen>;
  /** Folders with everything below them. */
  readonly folders: ReadonlyMap<string, Seen>;
}

/** Before anything was looked at. */
export const NOTHING_SEEN: InputSnapshot = { files: new Map(), folders: new Map() };

/** What is looked at, and against what. */
export interface LookOptions {
  /** Absolute paths. */
  readonly inputs: BuildInputs;
  /** Folder that builds write to; never looked into. */
  readonly outputs: string;
  /** What was seen before: unchanged files are not read again. */
  readonly before: InputSnapshot;
  /** ms since 1970: what changed after it and was not seen before counts as changed. */
  readonly since?: number;
}

/** Looks at the inputs. */
export function lookAt({ inputs, outputs, before, since }: LookOptions): InputSnapshot {
  const files = new Map<string, Seen>();
  const folders = new Map<string, Seen>();
  for (const path of inputs.files) if (!isInside(outputs, path)) see(path);
  for (const folder of inputs.folders) seeFolder(folder);
  return { files, folders };

  function see(path: string): void {
    if (!files.has(path)) files.set(path, seeFile(path, before.files.get(path)));
  }

  function seeFile(path: string, known: Seen | undefined): Seen {
    const now = statSync(path, { throwIfNoEntry: false });
    if (!now?.isFile()) return { stamp: "", content: "" };
    const stamp = `${now.ino} ${now.size} ${now.mtimeMs} ${now.ctimeMs}`;
    if (known?.stamp === stamp) return known;
    if (known === undefined && isNew(now.ctimeMs)) return { stamp: "", content: UNSURE };
    return { stamp, content: hashFile(path) };
  }

  function seeFolder(folder: string): void {
    if (folders.has(folder)) return;
    const names: string[] = [];
    const below: string[] = [];
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (isSearched(entry.name, path, outputs)) below.push(entry.name);
        continue;
      }
      if (CODE.test(entry.name)) names.push(entry.name);
      if (CONFIGURATION.test(entry.name)) see(path);
    }
    const changedAt = statSync(folder, { throwIfNoEntry: false })?.ctimeMs ?? 0;
    const unsure = !before.folders.has(folder) && isNew(changedAt);
    folders.set(folder, { stamp: "", content: unsure ? UNSURE : JSON.stringify([names, below]) });
    for (const name of below) seeFolder(join(folder, name));
  }

  function isNew(changedAt: number): boolean {
    return since !== undefined && changedAt > since - CLOCK_MS;
  }
}

/**
 * What differs: absolute paths, sorted. A folder differs if a name in it has come or gone. What was not looked at before
 * does not, unless its last change may have come too late for whoever read it.
 */
export function changedBetween(before: InputSnapshot, after: InputSnapshot): readonly string[] {
  const differing = (part: "files" | "folders"): readonly string[] =>
    [...after[part]].flatMap(([path, { content }]) => {
      const earlier = before[part].get(path)?.content;
      return (earlier === undefined ? content === UNSURE : earlier !== content) ? [path] : [];
    });
  return [...new Set([...differing("files"), ...differing("folders")])].sort();
}

function hashFile(path: string): string {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("base64url");
  } catch {
    return ""; // gone meanwhile
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // gone: the folder above has other names
  }
}
