/**
 * Flows stored as files, for several processes: a folder for each flow, a file for each revision of its record, `<number>.json`. A revision
 * appears whole, by a hard link that fails if another process was there first; then the change is decided anew. Nothing is locked, so
 * a process that dies leaves nothing behind but a file beside.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChangeRecord, FlowRecord, FlowRecords } from "./flow-records.js";

const REVISION = /^(\d+)\.json$/;

/** A revision that was read; the record is absent before the first one. */
interface Revision {
  readonly number: number;
  readonly record: FlowRecord | undefined;
}

/** Records in a folder, which is made. It has to be on a file system with hard links. */
export class FolderRecords implements FlowRecords {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async keys(): Promise<readonly string[]> {
    const names = await entriesOf(this.#folder);
    return names.map(decodeURIComponent).sort();
  }

  async change(key: string, change: ChangeRecord): Promise<FlowRecord | undefined> {
    const folder = join(this.#folder, nameOf(key));
    for (;;) {
      const { number, record } = await newest(folder);
      const changed = change(record);
      if (changed === undefined || changed === record) return record;
      if (await add(folder, number + 1, JSON.stringify(changed))) return changed;
    }
  }
}

async function newest(folder: string): Promise<Revision> {
  const numbers = (await entriesOf(folder)).flatMap((name) => REVISION.exec(name)?.[1] ?? []).map(Number);
  const number = Math.max(0, ...numbers);
  if (number === 0) return { number, record: undefined };
  return { number, record: JSON.parse(await readFile(join(folder, `${number}.json`), "utf8")) as FlowRecord };
}

/** Adds a revision; false if there is one of that number. */
async function add(folder: string, number: number, text: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const beside = join(folder, `${randomUUID()}.new`);
  try {
    await writeFile(beside, text, { flush: true });
    await link(beside, join(folder, `${number}.json`));
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** A name of one folder for any key; `.` and `..` are no folders of their own. */
function nameOf(key: string): string {
  return encodeURIComponent(key).replaceAll(".", "%2E").replaceAll("*", "%2A");
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
