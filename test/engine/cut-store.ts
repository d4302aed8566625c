/** Records that are cut off: what a process leaves that dies after some of its transactions. */
import type { Fact, OwnerInfo, RunId, RunStore } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";

const OWNER: OwnerInfo = { pid: 1, processStart: "0", boot: "none", host: "none", engine: "cutter" };

/** A store that holds these transactions of a run, each with its facts. */
export async function cutStore(run: RunId, transactions: readonly (readonly Fact[])[]): Promise<RunStore> {
  const store = memoryStore();
  const lease = await store.acquire(run, OWNER);
  for (const facts of transactions) await store.append([{ run, epoch: lease.epoch, facts }]);
  await store.release([lease]);
  return store;
}
