/** Whether work is a task's, in a thread that others use too: such a thread is worth starting before a body asks for it. */
import { CONTAINER_KINDS, type FlowEntry, type JobGraph, type Manifest, type TaskEntry } from "@millrace/core";
import { limitsOf } from "../steps/admission/limits.js";

/** The first work of a flow: the first of its graph that does something, in the order of the source, through sub-flows. Of a branch nobody knows; its first way is taken. */
export function flowBeginsInThread({ graph }: FlowEntry, manifest: Manifest, depth = 0): boolean {
  const first = graph.nodes.find(({ kind }) => !CONTAINER_KINDS.has(kind));
  if (first?.kind === "call") return runsInSharedThread(manifest.tasks[first.task]);
  const inner = first?.kind === "subflow" && depth < MAX_DEPTH ? manifest.flows[first.flow] : undefined;
  return inner !== undefined && flowBeginsInThread(inner, manifest, depth + 1);
}

/** Of a job graph: that of one of the nodes that wait for nothing. */
export function graphBeginsInThread({ nodes, edges }: JobGraph, manifest: Manifest): boolean {
  const waiting = new Set(edges.map(({ to }) => to));
  return nodes.some(({ id, run }) => {
    if (waiting.has(id)) return false;
    if ("task" in run) return runsInSharedThread(manifest.tasks[run.task]);
    if ("graph" in run) return graphBeginsInThread(run.graph, manifest);
    const flow = "flow" in run ? manifest.flows[run.flow] : undefined;
    return flow !== undefined && flowBeginsInThread(flow, manifest);
  });
}

/** Whether there is a task that would run in one. */
export function anyInThread({ tasks }: Manifest): boolean {
  return Object.values(tasks).some(runsInSharedThread);
}

/** Sub-flows that are looked through; flows may call each other in a circle. */
const MAX_DEPTH = 16;

function runsInSharedThread(task: TaskEntry | undefined): boolean {
  return task !== undefined && (limitsOf(task.id, task.options)?.lane ?? "plain") === "plain";
}
