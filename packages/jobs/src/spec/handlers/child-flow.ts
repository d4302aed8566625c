/** A flow inside a task: it lives in the task's data, and is ticked once whenever the task is. */
import { MillraceError } from "@millrace/core";
import { flowFromJson, SpecFlow } from "../flow.js";
import type { FlowDocument } from "../flow-document.js";
import { readSpec } from "../read-spec.js";
import { readWithoutIssues } from "../spec-issue.js";
import type { TaskTick } from "../task-handler.js";

/** How deep flows may stand in each other. */
const MAX_DEPTH = 32;

/** Makes a spec the flow inside a task. Its key is the parent's and the task's, unless it has its own. */
export function childFlow({ flow, task }: TaskTick, spec: object): SpecFlow {
  const depth = flow.document.depth + 1;
  if (depth > MAX_DEPTH)
    throw new MillraceError("task-misuse", `Flows stand ${depth} deep in each other, and ${MAX_DEPTH} is the limit.`);
  const given = { key: `${flow.key}/${task.key}`, label: `${flow.label}/${task.key}`, ...spec };
  const document = readWithoutIssues("The flow inside cannot be made", (report) => readSpec(given, report));
  return new SpecFlow({ ...document, depth, parentKey: flow.key });
}

/**
 * Ticks the flow inside a task, `flow` in the task's data. True once it has completed.
 * @throws MillraceError `task-misuse` with its errors if it has failed.
 */
export async function tickChild(tick: TaskTick, make: () => SpecFlow): Promise<SpecFlow | undefined> {
  const { data } = tick;
  const child = data.flow === undefined ? make() : flowFromJson(data.flow as FlowDocument);
  await tick.tickFlow(child);
  data.flow = child.toJSON();
  return ended(child);
}

/** The flow once it has completed, nothing while it goes on. @throws MillraceError `task-misuse` if it has failed. */
export function ended(child: SpecFlow): SpecFlow | undefined {
  if (child.status !== "FAILED") return child.isOver ? child : undefined;
  const errors = child.errors.map(({ task, message }) => `${task}: ${message}`);
  throw new MillraceError("task-misuse", `${child.label} has failed: ${errors.join("; ")}`, {
    data: { flow: child.key, errors: child.errors },
  });
}
