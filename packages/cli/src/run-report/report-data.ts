/** What the report of a run is made of. */
import type { EndedAttempt, ErrorSummary, LogLine, RunHeader, StepKey, StepView } from "@millrace/core";
import type { TimeScale } from "./time-scale.js";

/** An attempt whose error can be told. */
export interface ReportedAttempt extends Omit<EndedAttempt, "error"> {
  readonly error?: ErrorSummary;
}

/** A step of the report. */
export interface ReportedStep {
  readonly view: StepView;
  readonly attempts: readonly ReportedAttempt[];
  readonly said: Said;
}

/** What somebody said in the run. */
export interface Said {
  /** The newest lines. */
  readonly lines: readonly LogLine[];
  /** How many more there were. */
  readonly left: number;
}

/** The chain of steps that decided when the run was over. */
export interface ReportedPath {
  readonly keys: ReadonlySet<StepKey>;
  /** What its steps took together, ms. */
  readonly tookMs: number;
}

/** The report, before it is a page. */
export interface ReportData {
  readonly run: RunHeader;
  /** In the order in which they began. */
  readonly steps: readonly ReportedStep[];
  /** How many steps are not among them. */
  readonly left: number;
  readonly path: ReportedPath;
  readonly scale: TimeScale;
  /** What the flow body and the engine said. */
  readonly said: Said;
}
