/**
 * `flow`: a flow inside the task, which is over when that is. Its document stands in `data.flow`, its data at the end in `data.result`. With `stored`
 * it is a flow of its own in the records, and `data.stored` says how it stands.
 */
import { MillraceError } from "@millrace/core";
import type { SpecFlow } from "../flow.js";
import { isRecord, shown } from "../json-data.js";
import type { TaskHandler, TaskTick } from "../task-handler.js";
import { childFlow, tickChild } from "./child-flow.js";
import { paramsOf } from "./params-of.js";
import { tickStored } from "./stored-child.js";

/** Parameters: `flowSpec`, `data` that is added to the flow's own, and `stored`. */
export const flowHandler: TaskHandler = {
  deferred: ["flowSpec", "flow_spec"],
  initialTick: tickInside,
  intermediateTick: tickInside,
};

async function tickInside(tick: TaskTick): Promise<"RUNNING" | undefined> {
  const { stored = false } = paramsOf(tick.params, ["flowSpec"], ["data", "stored"]);
  if (typeof stored !== "boolean")
    throw new MillraceError("task-misuse", `stored must be true or false, not ${shown(stored)}.`);
  const make = (): SpecFlow => childFlow(tick, specWithData(tick));
  const child = await (stored ? tickStored(tick, make) : tickChild(tick, make));
  if (!child) return "RUNNING";
  tick.data.result = structuredClone(child.document.data);
  return undefined;
}

function specWithData({ params }: TaskTick): object {
  const { flowSpec, data } = paramsOf(params, ["flowSpec"], ["data", "stored"]);
  if (!isRecord(flowSpec))
    throw new MillraceError("task-misuse", `flowSpec must be a flow spec, not ${shown(flowSpec)}.`);
  if (data === undefined) return flowSpec;
  if (!isRecord(data)) throw new MillraceError("task-misuse", `data must be an object, not ${shown(data)}.`);
  return { ...flowSpec, data: { ...(isRecord(flowSpec.data) ? flowSpec.data : {}), ...data } };
}
