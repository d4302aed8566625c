/**
 * A flow that a task puts into the records and waits for: any runner ticks it. Its key follows from the task, so that a tick which is lost and made
 * again finds what it stored; what the task knows of it stands in its data as `stored`.
 */
import { MillraceError } from "@millrace/core";
import { flowFromJson, type SpecFlow } from "../flow.js";
import { isRecord } from "../json-data.js";
import type { StoredFlows, TaskTick } from "../task-handler.js";
import { ended } from "./child-flow.js";

/**
 * Stores the flow, or looks at it. The flow once it has completed, nothing while it goes on.
 * @throws MillraceError `task-misuse` with its errors if it has failed, if its key is another flow's, or if nobody stores flows here.
 */
export async function tickStored(tick: TaskTick, make: () => SpecFlow): Promise<SpecFlow | undefined> {
  const { data, options } = tick;
  const { stored } = options;
  if (!stored)
    throw misuse(
      "its flow is to be stored, and this tick has no records: run the flow by runStoredFlows, or give tickFlow `stored`",
    );
  const known = storedKey(data);
  const child = known === undefined ? await store(stored, make(), tick) : await look(stored, known);
  data.stored = { key: child.key, status: child.status, errors: child.errors.map((error) => ({ ...error })) };
  return ended(child);
}

/** The key of the flow that a task has stored. */
export function storedKey(data: Readonly<Record<string, unknown>>): string | undefined {
  const { stored } = data;
  return isRecord(stored) && typeof stored.key === "string" ? stored.key : undefined;
}

async function store({ records, parent }: StoredFlows, child: SpecFlow, { checkFlow }: TaskTick): Promise<SpecFlow> {
  // Here, where the task can fail with it: a runner that met it would have nobody to tell.
  checkFlow(child);
  const { document } = child;
  document.waitedFor = parent;
  const record = await records.change(child.key, (there) => there ?? { flow: child.toJSON() });
  const { waitedFor, parentKey } = record?.flow ?? {};
  if (record && waitedFor === parent && parentKey === document.parentKey) return flowFromJson(record.flow);
  throw misuse(`a flow with the key "${child.key}" is stored already, and is not this task's`);
}

async function look({ records }: StoredFlows, key: string): Promise<SpecFlow> {
  const record = await records.change(key, () => undefined);
  if (record) return flowFromJson(record.flow);
  throw misuse(`its flow "${key}" is not in the records any more`);
}

function misuse(what: string): MillraceError {
  return new MillraceError("task-misuse", `${what}.`);
}
