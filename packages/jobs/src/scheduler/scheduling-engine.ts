/** What schedulers need of an engine: `openEngine()` gives more, and so does `openTestEngine()`. Types alone. */
import type { LocalFunction, RunEvent, StepRef, StepState, ToJobGraph } from "@millrace/core";

/** As `engine.start` takes them. */
export interface RunOptions {
  /** Id of the run. Default: generated. */
  readonly id?: string;
  /** What a run that has the id already means: see `StartOptions` of the engine. Default `fail`. */
  readonly ifExists?: "fail" | "attach" | "resume";
}

/** Something that starts runs of job graphs. */
export interface SchedulingEngine {
  start(graph: ToJobGraph, options?: RunOptions): RunOfGraph;
}

/** Something that goes on with them. */
export interface ResumingEngine {
  resume(id: string, options: { readonly locals: Readonly<Record<string, LocalFunction>> }): Promise<RunOfGraph>;
}

/** How a run ended or stopped. */
export type RunEnd =
  | { readonly status: "succeeded" }
  | { readonly status: "failed" | "aborted"; readonly error: Error }
  | { readonly status: "suspended"; readonly message: string; readonly error?: Error };

/** A run in this process. */
export interface RunOfGraph {
  readonly id: string;
  outcome(): Promise<RunEnd>;
  events(): AsyncIterable<RunEvent>;
  steps(): AsyncIterable<{
    readonly step: StepRef;
    readonly state: StepState;
    readonly startedAt: number | null;
    readonly endedAt: number | null;
    readonly value?: unknown;
    readonly error?: Error;
  }>;
  cancel(reason?: string): Promise<void>;
}
