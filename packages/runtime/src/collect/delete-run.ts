/** Deletes one run for good: facts, values, requests, and its logs. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type RunId, type RunStore, STATE_PATHS } from "@millrace/core";
import { lookUp } from "../control/reach-run.js";
import { ownerInfo } from "../owner/process-identity.js";

/**
 * Deletes a run of a store, and its folder below the output folder's logs.
 * @throws MillraceError `unknown-run`; `run-owned` while an engine works on it.
 */
export async function deleteRun(store: RunStore, stateDir: string, run: RunId): Promise<void> {
  await lookUp(store, run);
  await store.remove(await store.acquire(run, ownerInfo(randomUUID())));
  await rm(join(stateDir, STATE_PATHS.runLogs(run)), { recursive: true, force: true });
}
