/** A circle of tasks that wait for each other. */
import { cycleIn, orderGraph } from "@millrace/core";
import type { TaskEdge } from "./task-edge.js";

/** The tasks of one such circle, each waiting for the next, the first one again at the end; undefined if there is none. */
export function waitingCycle<T extends { readonly name: string }>(
  tasks: readonly T[],
  edges: readonly TaskEdge[],
): readonly T[] | undefined {
  const nodes = tasks.map(({ name }) => ({ id: name }));
  return cycleIn(orderGraph(nodes, edges, "skip-dependents"))?.flatMap((i) => tasks[i] ?? []);
}
