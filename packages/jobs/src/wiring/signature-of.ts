/** What a node of a job graph takes and gives, as the build has it, and as commands do. */
import { commandSignature, type JobNode, type Manifest, type RunSignature } from "@millrace/core";

/** Its signature; undefined for other nodes, and for what the build does not have. */
export function signatureOf(
  { run }: JobNode,
  { tasks, flows }: Pick<Manifest, "tasks" | "flows">,
): Pick<RunSignature, "paramsSchema" | "result"> | undefined {
  if ("task" in run) return Object.hasOwn(tasks, run.task) ? tasks[run.task] : undefined;
  if ("flow" in run) return Object.hasOwn(flows, run.flow) ? flows[run.flow] : undefined;
  return commandSignature(run);
}
