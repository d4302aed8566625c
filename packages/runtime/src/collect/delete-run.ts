/** Deletes one run for good: facts, values, requests, its logs, and its note of steps in flight. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type RunId, type RunStore, STATE_PATHS } from "@millrace/core";
import { lookUp } from "../control/reach-run.js";
import { ownerInfo } from "../owner/process-identity.js";

/**
 * Deletes a run of a store, and what the output folder holds of it.
 * @throws MillraceError `unknown-run`; `run-owned` while an engine works on it.
 */
export async function deleteRun(store: RunStore, stateDir: string, run: RunId): Promise<void> {
  await lookUp(store, run);
  await store.remove(await store.acquire(run, ownerInfo(randomUUID())));
  for (const path of [STATE_PATHS.runLogs(run), STATE_PATHS.inflight(run)])
    await rm(join(stateDir, path), { recursive: true, force: true });
}
