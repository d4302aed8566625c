/** The document of `flow plan --json`. */
import type { StepKey } from "../identity/brands.js";

/** What becomes of one call; `cached`: it takes the result that an equal step of another run shares. */
export type PlanVerdict = "restored" | "cached" | "runs" | "unknown";

/** One call of the run's flow or of its sub-flows. */
export interface PlannedStep {
  /** Absent for a call that the plan does not reach. */
  readonly key?: StepKey;
  /** Node id. */
  readonly node: string;
  /** Task id, flow id or name of a local step. */
  readonly task: string;
  readonly verdict: PlanVerdict;
  /** Why, in words. */
  readonly because: string;
}

/** What a resume would do, found without running any step. */
export interface PlanDocument {
  readonly run: string;
  /** Flow id. */
  readonly flow: string;
  /** In the order of their calls; those that are not reached last. */
  readonly steps: readonly PlannedStep[];
  /** Keys of records that no call asks for. */
  readonly orphans: readonly StepKey[];
  /** Set if the resume would stop before it begins: the choices of an ambiguous alignment, or where the replay diverges. */
  readonly stops?: string;
}
