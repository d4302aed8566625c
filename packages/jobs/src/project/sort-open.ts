/** Which of the tasks that are to run cannot, and which have to wait until it is known what others add. */
import { addingChain } from "./adding-chain.js";
import { deriveProject, type RecordedProject, type RecordedTask } from "./recorded-project.js";
import type { TaskEdge } from "./task-edge.js";
import { TaskLineage } from "./task-lineage.js";

/** A task that cannot run now. */
export interface BlockedTask {
  readonly name: string;
  /** What it waits for, itself or through others that are blocked. */
  readonly by: string;
  /** `by` is a name, an output or a pattern of outputs that no task has, and no task is left that may add one. */
  readonly missing?: true;
}

/** Both by name; no task is in both. */
export interface SortedTasks {
  readonly blocked: ReadonlyMap<string, BlockedTask>;
  readonly later: ReadonlySet<string>;
}

/** Sorts the tasks that are to run; those that are in neither can run now. */
export function sortOpen(project: RecordedProject, open: readonly RecordedTask[]): SortedTasks {
  const byName = new Map(project.tasks.map((task) => [task.name, task]));
  const runs = new Set(open.map(({ name }) => name));
  const { edges, awaited } = deriveProject(project);
  const arcs = [...edges, ...open.flatMap(({ name }) => chainEdges(name, byName))];
  const lineage = new TaskLineage(arcs);
  const blocked = new Map<string, BlockedTask>();
  for (const { name } of open) {
    const by = lineage.parents(name).find((one) => !runs.has(one) && byName.get(one)?.state !== "complete");
    if (by !== undefined) blocked.set(name, { name, by });
  }
  const hopeful = new Set(arcs.filter(({ from, adds }) => adds && runs.has(from)).map(({ to }) => to));
  for (const { task: name, text: by } of awaited)
    if (runs.has(name) && !blocked.has(name) && !hopeful.has(name)) blocked.set(name, { name, by, missing: true });
  const isFree = (name: string): boolean => runs.has(name) && !blocked.has(name);
  // Maps and sets go on over what is added to them.
  for (const [by] of blocked)
    for (const name of lineage.children(by)) if (isFree(name)) blocked.set(name, { name, by });
  const later = new Set(arcs.filter(({ from, to, adds }) => adds && isFree(from) && isFree(to)).map(({ to }) => to));
  for (const name of later) for (const child of lineage.children(name)) if (isFree(child)) later.add(child);
  return { blocked, later };
}

/** What was added is judged with all that have added it: done again, any of them may add something else. */
function chainEdges(name: string, byName: ReadonlyMap<string, RecordedTask>): readonly TaskEdge[] {
  return addingChain(name, byName).map((from) => ({ from, to: name, adds: true }));
}
