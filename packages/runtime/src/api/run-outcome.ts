/** What `result` and `outcome` of a run tell of its end. */
import type { StepTotals, SuspendReason } from "@millrace/core";

/** How a run ended or stopped. */
export type RunOutcome<R = unknown> = {
  readonly totals: StepTotals;
  /** From start or resume, ms. */
  readonly durationMs: number;
} & (
  | { readonly status: "succeeded"; readonly value: R }
  | { readonly status: "failed" | "aborted"; readonly error: Error }
  /** `error` is set if the run lost its store or its ownership. */
  | {
      readonly status: "suspended";
      readonly reason: SuspendReason;
      readonly message: string;
      /** Names of the messages that it waits for, with reason `wait`. */
      readonly awaits?: readonly string[];
      readonly error?: Error;
    }
);
