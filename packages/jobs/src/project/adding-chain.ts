/** Who has added a task, and who has added that one. */
import type { TaskEdge } from "./task-edge.js";

/** A task as far as chains are made of it. */
export interface ChainedTask {
  readonly name: string;
  /** The task that has added it; absent if it is of its source's file. */
  readonly addedBy?: string;
}

/** The tasks that have added a task: the outermost first, its own last; empty for one that none has added. Ends for records that were edited by hand, too. */
export function addingChain(name: string, byName: ReadonlyMap<string, ChainedTask>): readonly string[] {
  const chain = new Set<string>();
  let adder = byName.get(name)?.addedBy;
  while (adder !== undefined && !chain.has(adder)) {
    chain.add(adder);
    adder = byName.get(adder)?.addedBy;
  }
  return [...chain].reverse();
}

/** From each task that adds to what it has added: that one runs after it, though nothing that is done anew makes it run again. */
export function addingEdges(tasks: readonly ChainedTask[]): readonly TaskEdge[] {
  return tasks.flatMap(({ name, addedBy }) => (addedBy === undefined ? [] : [{ from: addedBy, to: name }]));
}
