/**
 * How far each step has come at one point of the walk: what order edges are read from. A step that is absent has been
 * issued on no path to the point.
 */
import type { Draft } from "./draft.js";

/**
 * `pending`: issued and settled on no path; `partly`: settled on some paths, or some of its instances; `settled` and
 * `succeeded`: wherever it was issued.
 */
export type StepStatus = "pending" | "partly" | "settled" | "succeeded";

/** Status by step. */
export type Steps = ReadonlyMap<Draft, StepStatus>;

/** Where two paths meet. */
export function joinSteps(a: Steps, b: Steps): Steps {
  if (a === b) return a;
  const joined = new Map(a);
  for (const [node, status] of b) {
    const other = joined.get(node);
    joined.set(node, other === undefined ? status : joinStatus(other, status));
  }
  return joined;
}

/** The status of a step that has one or the other. */
export function joinStatus(a: StepStatus, b: StepStatus): StepStatus {
  if (a === b) return a;
  return isSettled(a) && isSettled(b) ? "settled" : "partly";
}

/** True if it has settled wherever it was issued. */
export function isSettled(status: StepStatus | undefined): boolean {
  return status === "settled" || status === "succeeded";
}

/** Grows as paths meet: a measure of how much is left open. */
export function openness(status: StepStatus): number {
  return { succeeded: 1, settled: 2, pending: 2, partly: 3 }[status];
}
