/**
 * Tries out the disk that the output folder lies on, in a folder of its own that is removed again: file times, rename,
 * fsync, and a database as the engine opens it.
 */
import { existsSync } from "node:fs";
import { mkdtemp, open, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkStateDir, MillraceError } from "@millrace/core";
import { openSqliteStore, type SqliteFacts } from "@millrace/runtime";
import { type Attempt, attempt } from "./attempt.js";

/** What the disk did. */
export interface DiskProbe {
  /** Folder that stands for the output folder: it, or the nearest above that exists. */
  readonly folder: string;
  /** Bytes that this user may still write, and bytes in all. */
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Files that can still be made, and in all; 0 in all where the file system does not count. */
  readonly freeFiles: number;
  readonly totalFiles: number;
  /** ms that a write of 4 KiB took until it was on the disk, each of a few. */
  readonly syncMs: readonly number[];
  /** Time that the file system gave a new file, and the clock before and after; ms since 1970. */
  readonly fileTime: number;
  readonly before: number;
  readonly after: number;
  /** ms that the monotonic clock counted between `before` and `after`. */
  readonly elapsed: number;
}

/** Both probes. They fail together if no folder can be made. */
export interface Probes {
  readonly disk: Attempt<DiskProbe>;
  /** A database with the settings of the engine's. */
  readonly database: Attempt<SqliteFacts>;
}

/** Writes that are timed. */
const ROUNDS = 7;

/** Tries out the disk below an output folder, which need not exist. */
export async function probe(stateDir: string): Promise<Probes> {
  const made = await attempt(() => makeProbeFolder(stateDir));
  if (made.status === "rejected") return { disk: made, database: made };
  const folder = made.value;
  try {
    return {
      disk: await attempt(() => probeDisk(folder)),
      database: await attempt(() => probeDatabase(folder)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeProbeFolder(stateDir: string): Promise<string> {
  checkStateDir(stateDir);
  let folder = stateDir;
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    return await mkdtemp(join(folder, ".doctor-"));
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

async function probeDisk(probeFolder: string): Promise<DiskProbe> {
  const folder = dirname(probeFolder);
  try {
    const before = Date.now();
    const start = performance.now();
    const draft = join(probeFolder, "draft");
    const syncMs = await timeSyncs(draft);
    const fileTime = (await stat(draft)).mtimeMs;
    const elapsed = performance.now() - start;
    const after = Date.now();
    await rename(draft, join(probeFolder, "renamed"));
    const { bavail, blocks, bsize, ffree, files } = await statfs(probeFolder);
    const space = { freeBytes: bavail * bsize, totalBytes: blocks * bsize, freeFiles: ffree, totalFiles: files };
    return { folder, ...space, syncMs, fileTime, before, after, elapsed };
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

async function timeSyncs(file: string): Promise<readonly number[]> {
  const block = Buffer.alloc(4_096, 1);
  const handle = await open(file, "wx");
  try {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const start = performance.now();
      await handle.write(block);
      await handle.sync();
      times.push(performance.now() - start);
    }
    return times;
  } finally {
    await handle.close();
  }
}

async function probeDatabase(probeFolder: string): Promise<SqliteFacts> {
  const store = await openSqliteStore({ dir: probeFolder });
  try {
    return store.describe();
  } finally {
    await store.close();
  }
}

function unwritable(folder: string, cause: unknown): MillraceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MillraceError("state-dir-unusable", `${folder} cannot be written: ${reason}.`, {
    hint: 'Let this user write there, or name another folder with "millrace": { "stateDir": "…" } in the package.json.',
    data: { folder },
    cause,
  });
}
