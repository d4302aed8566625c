/** What a node of a job graph runs, as the build has it. */
import type { FlowEntry, JobNode, Manifest, TaskEntry } from "@millrace/core";

/** The entry; undefined for other nodes, and for what the build does not have. */
export function entryOf(
  { run }: JobNode,
  { tasks, flows }: Pick<Manifest, "tasks" | "flows">,
): TaskEntry | FlowEntry | undefined {
  if ("task" in run) return Object.hasOwn(tasks, run.task) ? tasks[run.task] : undefined;
  return "flow" in run && Object.hasOwn(flows, run.flow) ? flows[run.flow] : undefined;
}
