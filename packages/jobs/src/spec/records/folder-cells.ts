/** Records of any kind as files, for several processes: a folder for each (record-chapters.ts), and one for scratch. */
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isCode, syncFolder } from "./folder-files.js";
import { RecordChapters } from "./record-chapters.js";

/** No key has a folder of this name: dots in keys are escaped. */
const SCRATCH = ".scratch";
/** What lies there for longer, in ms, was left by a process that died. One that is only slow makes it again. */
const SCRATCH_MS = 3_600_000;
/** File systems take names of 255 bytes. */
const LONGEST = 200;

/** Records in a folder, which is made. It has to be on a file system with hard links. */
export class FolderCells<T> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async keys(): Promise<readonly string[]> {
    const folders = (await entriesOf(this.#folder)).filter((entry) => entry.isDirectory());
    const keys = await Promise.all(folders.map(({ name }) => this.#keyOf(name)));
    return keys.filter((key) => key !== undefined).sort();
  }

  async change(key: string, change: (there: T | undefined) => T | undefined): Promise<T | undefined> {
    const chapters = this.#chaptersIn(nameOf(key));
    for (;;) {
      const newest = await chapters.newest();
      const changed = change(newest?.record);
      if (changed === undefined || changed === newest?.record) return newest?.record;
      await this.#makeScratch();
      if (newest ? await chapters.add(newest, changed) : await chapters.begin(key, changed)) return changed;
    }
  }

  async remove(key: string): Promise<boolean> {
    await this.#makeScratch();
    return this.#chaptersIn(nameOf(key)).remove();
  }

  #chaptersIn(name: string): RecordChapters<T> {
    return new RecordChapters(join(this.#folder, name), join(this.#folder, SCRATCH));
  }

  /** The key of a folder; undefined for what is none of a record. */
  async #keyOf(name: string): Promise<string | undefined> {
    const key = decoded(name) ?? (await this.#chaptersIn(name).newest())?.key;
    return key !== undefined && nameOf(key) === name ? key : undefined;
  }

  async #makeScratch(): Promise<void> {
    const scratch = join(this.#folder, SCRATCH);
    const first = await mkdir(scratch, { recursive: true });
    if (first !== undefined) return syncBetween(this.#folder, dirname(first));
    for (const { name } of await entriesOf(scratch)) {
      const left = join(scratch, name);
      const { ctimeMs = Number.POSITIVE_INFINITY } = (await stat(left).catch(() => undefined)) ?? {};
      if (Date.now() - ctimeMs > SCRATCH_MS) await rm(left, { recursive: true, force: true });
    }
  }
}

/** The folders that were made have names in those above them. */
async function syncBetween(folder: string, top: string): Promise<void> {
  await syncFolder(folder);
  if (resolve(folder) !== resolve(top)) await syncBetween(dirname(resolve(folder)), top);
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** A name of one folder for any key; `.` and `..` are no folders of their own. One that is long, or no text of Unicode, is cut at a `~`. */
function nameOf(key: string): string {
  const name = encoded(key);
  if (name !== undefined && name.length <= LONGEST) return name;
  const hash = createHash("sha256").update(JSON.stringify(key)).digest("hex");
  return `${name?.slice(0, LONGEST - 1 - hash.length) ?? ""}~${hash}`;
}

function encoded(key: string): string | undefined {
  try {
    return encodeURIComponent(key).replaceAll(/[.*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  } catch {
    return undefined;
  }
}

/** The key of a name that was not cut. */
function decoded(name: string): string | undefined {
  if (name.includes("~")) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
