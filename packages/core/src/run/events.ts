/** What observers and `run.events()` see: facts as they become durable, and moments that live in memory only. */
import type { BuildHash, RunId, StepKey } from "../identity/brands.js";
import type { LogLevel } from "../ports/executor.js";
import type { Token } from "../rules/rule-set.js";
import type { SettledState, StepSource } from "../step/step-state.js";
import type { SuspendReason } from "./facts.js";

/** What every event has. */
export interface EventBase {
  readonly run: RunId;
  /** ms since 1970. */
  readonly at: number;
}

/** Names of a step. */
export interface StepRef {
  readonly key: StepKey;
  /** Node id. */
  readonly node: string;
  /** Task id, flow id of a sub-flow, or name of a local step. */
  readonly task: string;
  /** Set for what is no step but a token of a rule set: its body. */
  readonly token?: Token;
}

/** An error as plain data. */
export interface ErrorSummary {
  readonly name: string;
  readonly message: string;
  /** Code of a Millrace error, or of one of Node's. */
  readonly code?: string;
  readonly stack?: string;
  /** What led to it. */
  readonly cause?: ErrorSummary;
  /** The errors that an AggregateError stands for. */
  readonly errors?: readonly ErrorSummary[];
}

/** Any event. Step events of replayed records have `source: "restored"`. */
export type RunEvent =
  | (EventBase & {
      readonly type: "run-started";
      readonly flow: string;
      readonly build: BuildHash;
      /** So many steps it has at least, if that is known: of job graphs. */
      readonly steps?: number;
    })
  | (EventBase & {
      readonly type: "run-resumed";
      readonly flow: string;
      readonly build: BuildHash;
      readonly recorded: number;
      /** As in `run-started`. */
      readonly steps?: number;
    })
  | (EventBase & { readonly type: "run-suspended"; readonly reason: SuspendReason; readonly message: string })
  | (EventBase & {
      readonly type: "run-ended";
      readonly state: "succeeded" | "failed" | "aborted";
      readonly error?: ErrorSummary;
      readonly totals: StepTotals;
      readonly durationMs: number;
    })
  | (EventBase & { readonly type: "map-started"; readonly node: string; readonly key: StepKey; readonly total: number })
  | (EventBase & { readonly type: "step-ready"; readonly step: StepRef })
  /** Before it begins; `selector` is the breakpoint's, absent where the run is gone through step by step. */
  | (EventBase & { readonly type: "step-held"; readonly step: StepRef; readonly selector?: string })
  | (EventBase & { readonly type: "step-running"; readonly step: StepRef; readonly attempt: number })
  | (EventBase & { readonly type: "step-redispatched"; readonly step: StepRef; readonly reason: string })
  | (EventBase & {
      readonly type: "attempt-failed";
      readonly step: StepRef;
      readonly attempt: number;
      readonly attempts: number;
      readonly retryAt: number;
      readonly error: ErrorSummary;
    })
  | (EventBase & {
      readonly type: "step-settled";
      readonly step: StepRef;
      readonly state: SettledState;
      readonly source: StepSource;
      readonly attempts: number;
      readonly durationMs: number;
      readonly error?: ErrorSummary;
    })
  | (EventBase & {
      readonly type: "progress";
      readonly step: StepRef;
      readonly fraction?: number;
      readonly message?: string;
    })
  | (EventBase & {
      readonly type: "log" /** Undefined for a flow body's own lines. */;
      readonly step?: StepRef;
      readonly level: LogLevel;
      readonly text: string;
    })
  | (EventBase & { readonly type: "warning"; readonly code: string; readonly message: string; readonly hint?: string });

/** Counts of a run's steps; `total` = succeeded + failed + skipped + aborted, `restored` and `cached` count within. */
export interface StepTotals {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly aborted: number;
  readonly restored: number;
  readonly cached: number;
}
