/** What `flow run --json` and `flow resume --json` print. */
import type { RunId } from "../identity/brands.js";
import type { ErrorSummary, StepTotals } from "../run/events.js";
import type { SuspendReason } from "../run/facts.js";
import type { Json } from "./json-image.js";

/** How a run ended or stopped. */
export interface RunDocument {
  readonly runId: RunId;
  /** `suspended` runs can go on with `flow resume <runId>`; so can failed ones. */
  readonly status: "succeeded" | "failed" | "aborted" | "suspended";
  /** Why it is suspended. */
  readonly reason?: SuspendReason;
  /** Image of the flow's result; null unless it succeeded. */
  readonly result: Json;
  /** Counts of settled steps, from the start of the run. */
  readonly steps: StepTotals;
  /** From start or resume, ms. */
  readonly durationMs: number;
  /** Only if it failed or was aborted. */
  readonly error?: ErrorSummary;
}
