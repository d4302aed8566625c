/** `flow`: a flow inside the task, which is over when that is. Its document stands in `data.flow`, its data at the end in `data.result`. */
import { MillraceError } from "@millrace/core";
import { isRecord, shown } from "../json-data.js";
import type { TaskHandler, TaskTick } from "../task-handler.js";
import { childFlow, tickChild } from "./child-flow.js";
import { paramsOf } from "./params-of.js";

/** Parameters: `flowSpec`, and `data` that is added to the flow's own. */
export const flowHandler: TaskHandler = {
  deferred: ["flowSpec", "flow_spec"],
  initialTick: tickInside,
  intermediateTick: tickInside,
};

async function tickInside(tick: TaskTick): Promise<"RUNNING" | undefined> {
  const child = await tickChild(tick, () => childFlow(tick, specWithData(tick)));
  if (!child) return "RUNNING";
  tick.data.result = structuredClone(child.document.data);
  return undefined;
}

function specWithData({ params }: TaskTick): object {
  const { flowSpec, data } = paramsOf(params, ["flowSpec"], ["data"]);
  if (!isRecord(flowSpec))
    throw new MillraceError("task-misuse", `flowSpec must be a flow spec, not ${shown(flowSpec)}.`);
  if (data === undefined) return flowSpec;
  if (!isRecord(data)) throw new MillraceError("task-misuse", `data must be an object, not ${shown(data)}.`);
  return { ...flowSpec, data: { ...(isRecord(flowSpec.data) ? flowSpec.data : {}), ...data } };
}
