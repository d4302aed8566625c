/** Who waits for whom in a spec: what tasks name, and the task before where they name nobody. */
import { cycleIn, type JobEdge, orderGraph, suggestName } from "@millrace/core";
import { ROOT } from "./flow-spec.js";
import type { Report } from "./spec-issue.js";

/** A task as the spec places it. */
export interface PlacedTask {
  /** Path in the spec. */
  readonly at: string;
  readonly key: string;
  readonly precursors: readonly string[] | undefined;
  readonly successors: readonly string[] | undefined;
}

/** A task that a flow has. */
export interface OrderedTask {
  readonly key: string;
  readonly precursors: readonly string[];
}

/**
 * The precursors of all tasks by key, those that the flow has and those that join it. Unknown neighbours and cycles are reported.
 * @param present Those that there are, in order.
 */
export function orderTasks(
  present: readonly OrderedTask[],
  joining: readonly PlacedTask[],
  report: Report,
): ReadonlyMap<string, readonly string[]> {
  const before = new Map(present.map(({ key, precursors }) => [key, new Set(precursors)]));
  let last = present.at(-1)?.key;
  for (const { key, precursors, successors } of joining) {
    const follows = precursors === undefined && successors === undefined && last !== undefined;
    before.set(key, new Set(follows ? [last as string] : []));
    last = key;
  }
  for (const task of joining) linkNamed(task, before, report);
  reportCycle(before, joining, report);
  return new Map([...before].map(([key, keys]) => [key, [...keys]]));
}

function linkNamed({ at, key, ...named }: PlacedTask, before: Map<string, Set<string>>, report: Report): void {
  for (const side of ["precursors", "successors"] as const) {
    for (const other of named[side] ?? []) {
      if (side === "precursors" && other === ROOT) continue;
      if (!before.has(other)) {
        const known = suggestName(other, before.keys(), "Name one of the flow's tasks");
        report(`${at}.${side}`, `names "${other}", and the flow has no such task. ${known}`);
      } else if (side === "precursors") before.get(key)?.add(other);
      else before.get(other)?.add(key);
    }
  }
}

function reportCycle(before: ReadonlyMap<string, ReadonlySet<string>>, joining: readonly PlacedTask[], report: Report) {
  const keys = [...before.keys()];
  const edges = keys.flatMap((to) => [...(before.get(to) ?? [])].map((from): JobEdge => ({ from, to })));
  const cycle = cycleIn(
    orderGraph(
      keys.map((id) => ({ id })),
      edges,
      "skip-dependents",
    ),
  );
  if (!cycle) return;
  const way = cycle.map((i) => keys[i] as string);
  const round = way.join(" waits for ");
  // One of them at least has joined: before, there was no cycle.
  const { at, precursors, successors } = joining.find(({ key }) => way.includes(key)) as PlacedTask;
  if (precursors !== undefined) report(`${at}.precursors`, `lead back to it: ${round}`);
  else if (successors !== undefined) report(`${at}.successors`, `lead back to it: ${round}`);
  else report(at, `waits for itself: ${round}; a task that names no neighbours follows the one before it`);
}
