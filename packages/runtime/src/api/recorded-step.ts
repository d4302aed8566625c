/** What `run.steps` gives. */
import type { StepRef, StepState } from "@millrace/core";

/** A step as it is on record. */
export interface RecordedStep<V = unknown> {
  readonly step: StepRef;
  /** `backing-off` or `pending` if no outcome is recorded yet. */
  readonly state: StepState;
  /** Attempts begun. */
  readonly attempts: number;
  /** Those of them that have ended, the first one first. */
  readonly tries: readonly RecordedTry[];
  /** ms since 1970; null if it never ran. */
  readonly startedAt: number | null;
  /** ms since 1970; null while it is not settled. */
  readonly endedAt: number | null;
  /** Its result, if it succeeded and gave one. */
  readonly value?: V;
  /** Why it did not succeed. */
  readonly error?: Error;
}

/** An attempt that has ended. Times are ms since 1970. */
export interface RecordedTry {
  /** Null if it is not on record. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** Why it did not succeed; absent if it did. */
  readonly error?: Error;
}
