/**
 * The revisions of one record, as files for several processes. They stand in chapters, folders with a name that no other one ever has; the
 * last revision of a chapter names the next one, which is there by then:
 *
 *   00000001-<uuid>/1.json … 16.json ──▶ 00000002-<uuid>/1.json …
 *
 * A revision appears whole, by a hard link that fails if another process was there first. A chapter that is over goes as a whole, by a rename: who
 * was about to add to it, however slow, finds no folder, and looks again. Nothing is locked, so a process that dies leaves nothing behind but scratch.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MillraceError } from "@millrace/core";
import { isCode, syncFolder } from "./folder-files.js";

/** So many revisions are kept at most, of the chapter that is written and, for a moment, of the one before. */
const LENGTH = 16;
const CHAPTER = /^\d{8}-/;
const REVISION = /^(\d+)\.json$/;

/** What stands in the file of a revision. */
interface Written<T> {
  readonly key: string;
  readonly record: T;
  /** Name of the next chapter, if this revision is the last one of its own. */
  readonly next?: string;
}

/** A revision and its place. */
export interface Revision<T> extends Written<T> {
  readonly chapter: string;
  readonly number: number;
}

/** The chapters of a record. */
export class RecordChapters<T> {
  readonly #folder: string;
  readonly #scratch: string;

  /** @param scratch Folder on the same file system for what is not there yet, or no more. It is there. */
  constructor(folder: string, scratch: string) {
    this.#folder = folder;
    this.#scratch = scratch;
  }

  /** What was added last; undefined if there is no such record. @throws MillraceError `flow-spec-invalid` if it cannot be read. */
  async newest(): Promise<Revision<T> | undefined> {
    for (;;) {
      try {
        // A chapter that has just been announced has no revision yet.
        for (const chapter of (await this.#chapters()).reverse()) {
          const number = await lastNumber(join(this.#folder, chapter));
          if (number > 0)
            return { chapter, number, ...(await readRevision<T>(join(this.#folder, chapter, `${number}.json`))) };
        }
        return undefined;
      } catch (error) {
        // Another process has begun a new chapter, and moved this one away.
        if (!isCode(error, "ENOENT")) throw error;
      }
    }
  }

  /** Begins the first chapter; false if there is one. */
  async begin(key: string, record: T): Promise<boolean> {
    const made = this.#beside();
    const chapter = join(made, nameOfChapter(1));
    try {
      await mkdir(chapter, { recursive: true });
      await writeFile(join(chapter, "1.json"), JSON.stringify({ key, record } satisfies Written<T>), { flush: true });
      await syncFolder(chapter);
      await syncFolder(made);
      await rename(made, this.#folder);
      await syncFolder(join(this.#folder, ".."));
      return true;
    } catch (error) {
      if (!isCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
      await this.#refuseStrangers();
      return false;
    } finally {
      await rm(made, { recursive: true, force: true });
    }
  }

  /** Adds the next revision; false if another process has added one, or removed the record. */
  async add(after: Revision<T>, record: T): Promise<boolean> {
    const [chapter, number] = after.next === undefined ? [after.chapter, after.number + 1] : [after.next, 1];
    const next = number === LENGTH ? nameOfChapter(numberOf(chapter) + 1) : undefined;
    const beside = this.#beside();
    try {
      if (next !== undefined) await this.#announce(next);
      await writeFile(beside, JSON.stringify({ key: after.key, record, next }), { flush: true });
      await link(beside, join(this.#folder, chapter, `${number}.json`));
    } catch (error) {
      if (!isCode(error, "EEXIST", "ENOENT")) throw error;
      if (next !== undefined) await rmdir(join(this.#folder, next)).catch(() => undefined);
      return false;
    } finally {
      await rm(beside, { force: true });
    }
    await syncFolder(join(this.#folder, chapter));
    if (number === 1) await this.#clearBefore(chapter);
    return true;
  }

  /** Takes all of it away; false if there was nothing. */
  async remove(): Promise<boolean> {
    const gone = await this.#moveAway(this.#folder);
    if (gone) await syncFolder(join(this.#folder, ".."));
    return gone;
  }

  /** Before its chapter is named by a revision: nobody could make one again that has been moved away. */
  async #announce(next: string): Promise<void> {
    await mkdir(join(this.#folder, next));
    await syncFolder(this.#folder);
  }

  /** Chapters before one that has a revision, and announced ones that were never begun. */
  async #clearBefore(chapter: string): Promise<void> {
    for (const one of await this.#chapters())
      if (one !== chapter && numberOf(one) <= numberOf(chapter)) await this.#moveAway(join(this.#folder, one));
  }

  async #moveAway(folder: string): Promise<boolean> {
    const gone = this.#beside();
    try {
      await rename(folder, gone);
    } catch (error) {
      if (isCode(error, "ENOENT")) return false;
      throw error;
    }
    await rm(gone, { recursive: true, force: true });
    return true;
  }

  /** In order. */
  async #chapters(): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (isCode(error, "ENOENT", "ENOTDIR")) return [];
      throw error;
    });
    return names.filter((name) => CHAPTER.test(name)).sort();
  }

  /** @throws MillraceError `state-dir-unusable` if the folder is there and is no flow's: nobody could ever begin. */
  async #refuseStrangers(): Promise<void> {
    const names = await readdir(this.#folder).catch((error: unknown) => (isCode(error, "ENOENT") ? undefined : []));
    if (!names || names.some((name) => CHAPTER.test(name))) return;
    throw new MillraceError("state-dir-unusable", `${this.#folder} is in the way: it is no flow's, and not empty.`, {
      hint: "Move it elsewhere: the folder of the records holds flows alone.",
      data: { folder: this.#folder },
    });
  }

  #beside(): string {
    return join(this.#scratch, randomUUID());
  }
}

function nameOfChapter(number: number): string {
  return `${String(number).padStart(8, "0")}-${randomUUID()}`;
}

function numberOf(chapter: string): number {
  return Number.parseInt(chapter, 10);
}

async function lastNumber(chapter: string): Promise<number> {
  const numbers = (await readdir(chapter)).flatMap((name) => REVISION.exec(name)?.[1] ?? []).map(Number);
  return Math.max(0, ...numbers);
}

async function readRevision<T>(file: string): Promise<Written<T>> {
  const text = await readFile(file, "utf8");
  try {
    // Written above; a file that was damaged is met by whoever reads the flow in it.
    return JSON.parse(text) as Written<T>;
  } catch (cause) {
    throw new MillraceError("flow-spec-invalid", `${file} is damaged: it is no record of a flow.`, {
      hint: "Mend the file, or remove it: the revision before it counts then.",
      data: { file },
      cause,
    });
  }
}
