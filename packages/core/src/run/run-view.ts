/**
 * RunView: a run as people and scripts see it, folded from its facts (read-run-view.ts). Also the document of `flow show --json`.
 * The fold cannot know whether a `running` run still has an owner: whoever asks the store adds that.
 */
import type { BuildHash, RunId, StepKey } from "../identity/brands.js";
import type { Json } from "../json-shapes/json-image.js";
import type { StepSource, StepState } from "../step/step-state.js";
import type { ErrorSummary, StepTotals } from "./events.js";
import type { RunOrigin, SuspendReason } from "./facts.js";
import type { OwnerInfo, RunState } from "./run-state.js";

/** One run. Times are ms since 1970. */
export interface RunView {
  readonly run: RunHeader;
  /** In order of their records; those without one, which are waiting for another attempt or held, last. */
  readonly steps: readonly StepView[];
}

/** The run as a whole. */
export interface RunHeader {
  readonly id: RunId;
  /** Flow id. */
  readonly flow: string;
  /** Build that ran it last. */
  readonly build: BuildHash;
  readonly state: RunState;
  /** Why it is suspended. */
  readonly reason?: SuspendReason;
  /** What it waits for, or where it diverged; only if suspended. */
  readonly message?: string;
  readonly startedAt: number;
  /** Time of the newest fact. */
  readonly updatedAt: number;
  /** Only once it is over. */
  readonly endedAt?: number;
  /** How often another owner went on with it. */
  readonly resumes: number;
  /** The file that it was started from, if that is on record. */
  readonly origin?: RunOrigin;
  /** Image of the flow's parameters. */
  readonly params: Json;
  /** Image of the flow's result; only if it succeeded. */
  readonly result?: Json;
  /** Only if it failed or was aborted. */
  readonly error?: ErrorSummary;
  /** Counts of the settled steps below. */
  readonly totals: StepTotals;
  /** Records that the body never asked for; they are not among the steps. */
  readonly orphans: number;
  /** Only if there are any, or if it is gone through step by step. */
  readonly breakpoints?: { readonly selectors: readonly string[]; readonly stepping: boolean };
  /** Who runs it now; the fold leaves it out. */
  readonly owner?: OwnerInfo;
}

/** One step: a task, a sub-flow or a local step. Whole map items are no steps. */
export interface StepView {
  readonly key: StepKey;
  /** Node id. */
  readonly node: string;
  /** Task id, flow id of a sub-flow, or name of a local step. */
  readonly task: string;
  /** `backing-off` or `pending` if no outcome is recorded yet. */
  readonly state: StepState;
  /** Where the outcome came from, seen from the newest resume; null while there is none. */
  readonly source: StepSource | null;
  /** The breakpoint that holds it before it begins; an empty text where the run is gone through step by step. */
  readonly held?: string;
  /** Attempts begun. */
  readonly attempts: number;
  /** Those of them that have ended, the first one first; absent unless one of them has failed. */
  readonly tries?: readonly StepTry[];
  /** Null if it never ran. */
  readonly startedAt: number | null;
  /** Null while it is not settled. */
  readonly endedAt: number | null;
  /** Image of the parameters; null where none are recorded. */
  readonly params: Json;
  /** Why it failed or was aborted, or why its latest attempt failed. */
  readonly error?: ErrorSummary;
}

/** An attempt that has ended. Times are ms since 1970. */
export interface StepTry {
  /** From 1. */
  readonly attempt: number;
  /** Null if it is not on record. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** Why it did not succeed; absent if it did. */
  readonly error?: ErrorSummary;
}
