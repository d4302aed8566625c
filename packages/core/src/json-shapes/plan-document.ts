/** The document of `flow plan --json`. */
import type { StepKey } from "../identity/brands.js";

/**
 * What becomes of one call. `cached`: it takes the result that an equal step of another run shares. Of job graphs and rules `skipped`: it does not begin,
 * for a failure that stands; `fails`: what it would be given cannot be made.
 */
export type PlanVerdict = "restored" | "cached" | "runs" | "unknown" | "skipped" | "fails";

/** One call of the run's flow, a node of its graph or a firing of its rules, or a call inside one. */
export interface PlannedStep {
  /** Absent for a call that the plan does not reach. */
  readonly key?: StepKey;
  /** Node id. */
  readonly node: string;
  /** Task id, flow id, or name of a local step, function or graph. */
  readonly task: string;
  readonly verdict: PlanVerdict;
  /** Why, in words. */
  readonly because: string;
}

/** What a resume would do, found without running any step. */
export interface PlanDocument {
  readonly run: string;
  /** Flow id, or name of a graph or rule set. */
  readonly flow: string;
  /** In the order of their calls; those that are not reached last. */
  readonly steps: readonly PlannedStep[];
  /** Keys of records that no call asks for. */
  readonly orphans: readonly StepKey[];
  /** Set if the resume would stop before it begins: the choices of an ambiguous alignment, or where the replay diverges. */
  readonly stops?: string;
}
