/** `spread`: one task for each item, all in a flow inside. What they leave in their data is `data.results`, in the order of the items. */
import { MillraceError } from "@millrace/core";
import { ROOT } from "../flow-spec.js";
import { isRecord, shown } from "../json-data.js";
import type { TaskHandler, TaskTick } from "../task-handler.js";
import { tickContext } from "../tick-context.js";
import { fillSkeleton, itemsOf } from "../wire.js";
import { childFlow, tickChild } from "./child-flow.js";
import { paramsOf } from "./params-of.js";

/**
 * Parameters: `items` (a list or an object), `task` (a task without key and neighbours), `wirings` from `item.value`, `item.key`,
 * `item.idx` and `ctx` into it, and `failFast` (default true).
 */
export const spreadHandler: TaskHandler = {
  deferred: ["task", "wirings"],
  initialTick: tickItems,
  intermediateTick: tickItems,
};

async function tickItems(tick: TaskTick): Promise<"RUNNING" | undefined> {
  const child = await tickChild(tick, () => childFlow(tick, specOfItems(tick)));
  if (!child) return "RUNNING";
  tick.data.results = child.tasks.map(({ data }) => structuredClone(data));
  return undefined;
}

function specOfItems({ flow, task, params, options }: TaskTick): object {
  const given = paramsOf(params, ["items", "task"], ["wirings", "failFast"]);
  const { items, task: skeleton, wirings, failFast = true } = given;
  if (!isRecord(skeleton)) throw new MillraceError("task-misuse", `task must be a task, not ${shown(skeleton)}.`);
  const context = tickContext(flow.document, { ...task, precursors: [...task.precursors] });
  const tasks = itemsOf(items).map((item) => {
    const filled = fillSkeleton(skeleton, wirings, { item, ctx: context.ctx }, options.transforms);
    return { ...(filled as object), key: `item-${item.idx}`, precursors: ROOT };
  });
  return { cfg: { failFast }, tasks };
}
