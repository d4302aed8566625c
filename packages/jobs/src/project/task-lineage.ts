/** Who stands before and behind whom, by name. */
import { appendTo } from "@millrace/core";
import type { TaskEdge } from "./task-edge.js";

/** Edges as each of their ends sees them. */
export class TaskLineage {
  readonly #before = new Map<string, string[]>();
  readonly #after = new Map<string, string[]>();

  constructor(edges: readonly TaskEdge[]) {
    for (const { from, to } of edges) {
      appendTo(this.#before, to, from);
      appendTo(this.#after, from, to);
    }
  }

  /** What a task waits for. */
  parents(name: string): readonly string[] {
    return this.#before.get(name) ?? [];
  }

  /** What waits for a task. */
  children(name: string): readonly string[] {
    return this.#after.get(name) ?? [];
  }

  /** What a task waits for, itself or through others. */
  ancestors(name: string): ReadonlySet<string> {
    return reached(this.#before, name);
  }

  /** What waits for a task, itself or through others. */
  descendants(name: string): ReadonlySet<string> {
    return reached(this.#after, name);
  }
}

function reached(arcs: ReadonlyMap<string, readonly string[]>, start: string): ReadonlySet<string> {
  const found = new Set(arcs.get(start));
  // A set goes on over what is added to it.
  for (const name of found) for (const next of arcs.get(name) ?? []) found.add(next);
  return found;
}
