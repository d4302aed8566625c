/**
 * Deletes what an output folder holds and nobody needs: old runs if asked, builds that no run and no engine uses, values
 * that no run names. Safe beside running engines and builds. Called by `flow gc`.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type GcDocument, type RunSummary, STATE_PATHS } from "@millrace/core";
import type { RunReader } from "../stores/checkpoint/checkpoint-snapshot.js";
import { openSqliteStore } from "../stores/sqlite/open-sqlite-store.js";
import { deleteRun } from "./delete-run.js";
import { type KeptRuns, unusedBuilds } from "./unused-builds.js";

/** What is deleted. */
export interface GarbageOptions {
  /** The output folder. */
  readonly stateDir: string;
  /** Runs that have succeeded or were cancelled, and whose newest fact is older than this, go too, ms. */
  readonly olderThanMs?: number;
  /** Runs that are not in the store of the output folder: the builds that they need stay. */
  readonly elsewhere?: readonly RunReader[];
  /** Only says what would go. */
  readonly dryRun: boolean;
  /** ms since 1970. */
  readonly now: number;
}

/** Deletes it, and says what it was. @throws MillraceError `store-corrupt`, `store-too-new`, `store-unusable`, `manifest-unreadable`. */
export async function collectGarbage(options: GarbageOptions): Promise<GcDocument> {
  const { stateDir, dryRun, now, elsewhere = [] } = options;
  const others: KeptRuns[] = [];
  for (const reader of elsewhere) others.push({ reader, runs: await reader.list() });
  if (!existsSync(join(stateDir, STATE_PATHS.database))) {
    const builds = await unusedBuilds(stateDir, others, now);
    if (!dryRun) await removeBuilds(stateDir, builds);
    return { dryRun, runs: [], builds, content: { files: 0, bytes: 0 }, compacted: 0 };
  }
  const store = await openSqliteStore({ dir: stateDir });
  try {
    const all = await store.list();
    const old = all.filter((run) => isOld(run, options));
    if (!dryRun) for (const { id } of old) await deleteRun(store, stateDir, id);
    const kept = all.filter((run) => !old.includes(run));
    const builds = await unusedBuilds(stateDir, [{ reader: store, runs: kept }, ...others], now);
    if (!dryRun) await removeBuilds(stateDir, builds);
    const content = store.collectContent({ dryRun });
    return { dryRun, runs: old.map(({ id }) => id), builds, content, compacted: dryRun ? 0 : store.compact() };
  } finally {
    await store.close();
  }
}

function isOld({ state, owner, updatedAt }: RunSummary, { olderThanMs, now }: GarbageOptions): boolean {
  const over = state === "succeeded" || state === "aborted";
  return olderThanMs !== undefined && over && owner === undefined && now - updatedAt > olderThanMs;
}

async function removeBuilds(stateDir: string, builds: readonly string[]): Promise<void> {
  for (const build of builds) await rm(join(stateDir, STATE_PATHS.builds, build), { recursive: true, force: true });
}
