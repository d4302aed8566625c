/** What a checkpoint holds at this moment, for looking: whoever has it goes on writing, and nothing is written here. */
import { randomUUID } from "node:crypto";
import type { Checkpointer, RunStore } from "@millrace/core";
import { isOwnerAlive, ownerInfo } from "../../owner/process-identity.js";
import { memoryStore } from "../memory/memory-store.js";
import { readCheckpoint } from "./checkpoint-text.js";
import { guarded } from "./guarded.js";

/** Runs to look at. */
export type RunReader = Pick<RunStore, "list" | "read">;

/**
 * Reads a checkpoint, also one that a living process has: what runs there has that process as its owner.
 * @param name Of the checkpoint.
 * @throws MillraceError `store-unusable` if the checkpointer fails; `store-corrupt`, `store-too-new`.
 */
export async function checkpointSnapshot(checkpointer: Checkpointer, name: string): Promise<RunReader> {
  const text = await guarded(name, "read", async () => {
    await checkpointer.open?.();
    try {
      return await checkpointer.read(name);
    } finally {
      await checkpointer.close?.();
    }
  });
  const store = memoryStore();
  if (text === undefined) return store;
  const { writer, at, runs } = readCheckpoint(name, text);
  const owner = writer && isOwnerAlive(writer, at, Date.now()) ? writer : undefined;
  for (const [run, facts] of runs) {
    // An owner holds a run once.
    const lease = await store.acquire(run, { ...(owner ?? ownerInfo("")), engine: randomUUID() });
    await store.append([{ ...lease, facts }]);
    const [summary] = await store.list({ run });
    if (owner === undefined || summary?.state !== "running") await store.release([lease]);
  }
  return store;
}
