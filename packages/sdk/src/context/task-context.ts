/** What a running attempt hands to its task instance. Implemented by the runtime where the attempt runs. */
import type { RunId, StepKey } from "@millrace/core";
import type { Logger } from "./logger.js";

/** Facts about the attempt. */
export interface StepInfo {
  readonly run: RunId;
  /** Key of the step. */
  readonly step: StepKey;
  /** Node id in the flow's graph. */
  readonly node: string;
  /** Task id. */
  readonly task: string;
  /** From 1. */
  readonly attempt: number;
  /** True while running if a failure of this attempt would be followed by another. */
  readonly willRetry: boolean;
  /** Equal for all attempts and resumes of the step: give it to outside systems that deduplicate. 32 characters. */
  readonly idempotencyKey: string;
}

/** The runtime's side of a task instance. */
export interface TaskContext {
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly info: StepInfo;
  /** Moments for progress displays; `fraction` from 0 to 1. */
  progress(fraction: number | undefined, message: string | undefined): void;
}
