/** The document of `flow why --json`. */
import type { StepKey } from "../identity/brands.js";
import type { StepSource } from "../step/step-state.js";

/** One step of a run, and why it ran or was restored in the run's newest life. */
export interface ExplainedStep {
  readonly key: StepKey;
  /** Node id. */
  readonly node: string;
  /** Task id, flow id or name of a local step. */
  readonly task: string;
  readonly source: StepSource;
  /** Why, in words. */
  readonly because: string;
}

/** What a run did, step by step, and why. */
export interface WhyDocument {
  readonly run: string;
  /** Flow id. */
  readonly flow: string;
  /** How often another owner went on with it. */
  readonly resumes: number;
  /** In the order of their records. */
  readonly steps: readonly ExplainedStep[];
}
