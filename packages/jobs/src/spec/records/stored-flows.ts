/** Stored flows, one by one: put into the records, looked at, removed. */
import { type Clock, MillraceError } from "@millrace/core";
import { flowFromJson, type SpecFlow } from "../flow.js";
import { claimRecord } from "./claims.js";
import type { FlowRecord, FlowRecords } from "./flow-records.js";

/** Stores a flow. @throws MillraceError `flow-spec-invalid` if its key is taken. */
export async function storeFlow(records: FlowRecords, flow: SpecFlow): Promise<void> {
  let taken = false;
  await records.change(flow.key, (record) => {
    taken = record !== undefined;
    return record ?? { flow: flow.toJSON() };
  });
  if (!taken) return;
  throw new MillraceError("flow-spec-invalid", `A flow with the key "${flow.key}" is stored already.`, {
    hint: "Give the spec another key, or none.",
    data: { key: flow.key },
  });
}

/** A stored flow as it was written last. */
export async function storedFlow(records: FlowRecords, key: string): Promise<SpecFlow | undefined> {
  const record = await recordOf(records, key);
  return record && flowFromJson(record.flow);
}

/** The record of a flow, with who ticks it. */
export function recordOf(records: FlowRecords, key: string): Promise<FlowRecord | undefined> {
  return records.change(key, () => undefined);
}

/**
 * Removes a flow from the records, over or not. False if there is none.
 * @throws MillraceError `flow-claimed` if a runner is ticking it.
 */
export async function removeFlow(
  records: FlowRecords,
  key: string,
  options: { readonly clock?: Clock } = {},
): Promise<boolean> {
  // Under a claim nobody else begins to tick it.
  const claimed = await claimRecord(records, key, { ...options, runner: "remove" }, (there) => there);
  if (claimed) return records.remove(key);
  const { claim } = (await recordOf(records, key)) ?? {};
  if (!claim) return false;
  throw new MillraceError("flow-claimed", `"${key}" is being ticked by ${claim.runner}.`, {
    hint: `Wait until it is given back. The claim of a runner that has died ends by ${new Date(claim.until).toISOString()}.`,
    data: { key, ...claim },
  });
}
