/**
 * Port: where attempts run. An executor opens lanes; a lane takes jobs in batches, runs them one at a time in order,
 * and reports. The engine owns timing (attempt timeouts, back-off, what goes where); the lane owns the grace period
 * and whatever must be killed. Conformance: `executorConformance` of `millrace/testing/conformance`.
 */
import type { Identity, RunId, StepKey } from "../identity/brands.js";
import type { Emits } from "../rules/rule-entry.js";
import type { SharedAnswer, SharedAsk, SharedWrite } from "./shared-exchange.js";
import type { CommandAttempt } from "./shell-command.js";

/** Why an attempt is told to stop. `timeout` counts as failure, the others as abort. */
export interface AbortReason {
  readonly kind: "timeout" | "body" | "cancel" | "process";
  /** For people. */
  readonly message: string;
}

/** What stands behind a Ref in a job's parameters: bytes of an encoded value, or the path of a file that holds them. */
export interface JobRef {
  /** As the Ref has it. */
  readonly hash: string;
  readonly bytes: Uint8Array | string;
}

/** One attempt of one step. */
export interface Job {
  /** Unique within the engine's process. */
  readonly id: number;
  readonly run: RunId;
  readonly key: StepKey;
  /** Node id, for logs. */
  readonly node: string;
  readonly identity: Identity;
  /** Task id. */
  readonly task: string;
  /** Compiled module: a file URL. */
  readonly module: string;
  readonly exportName: string;
  /** Of a rule: what it may give. An attempt that gives anything else fails. */
  readonly emits?: Emits;
  /** Encoded parameter object. */
  readonly params: Uint8Array;
  /** One for each Ref in the parameters. */
  readonly refs?: readonly JobRef[];
  /** From 1. */
  readonly attempt: number;
  /** Attempts in all. */
  readonly attempts: number;
  /** The step's last recorded state was `failed` and it runs again after a resume. */
  readonly restarted: boolean;
  readonly idempotencyKey: string;
  /** If set, the lane reports the claim at once: the engine's attempt timeout counts from it. */
  readonly timeoutMs?: number;
  /** Time that all hooks together have after an abort, ms. */
  readonly graceMs: number;
  /** Largest encoded result, bytes. */
  readonly maxResultBytes?: number;
  /** Its author says that it mostly waits: whoever can tells how it used its thread. */
  readonly io?: true;
  /** Limit of the heap of an isolated thread, MiB. */
  readonly memoryMiB?: number;
  /** Of commands alone. */
  readonly command?: CommandAttempt & { readonly kind: "shell" | "container" };
}

/** How an attempt ended. Bytes are encoded values (values/envelope.ts). */
export type JobOutcome =
  | {
      readonly type: "succeeded";
      readonly value: Uint8Array;
      /** SHA-256 of a large value, hexadecimal: taken where it was made, so that the main thread need not read it. */
      readonly hash?: string;
      /** Under claims that it still holds: they end with the job. Absent if it wrote nothing. */
      readonly shared?: readonly SharedWrite[];
    }
  /** `fatal`: a FatalError, no further attempt; `errorName` and `retryAfterMs` serve the retry policy. */
  | {
      readonly type: "failed";
      readonly error: Uint8Array;
      readonly errorName: string;
      readonly fatal: boolean;
      readonly retryAfterMs?: number;
    }
  | { readonly type: "aborted"; readonly error: Uint8Array };

/** How an attempt used a thread that it may share: what others wait for. A *slice* is what it used of one turn of the event loop. */
export interface AttemptSlices {
  /** It computed, ms: all slices together, without loading its module. */
  readonly busyMs: number;
  /** It waited for something other than its thread for at least so long, ms. */
  readonly waitedMs: number;
  /** The slice that others meet, ms: the mean, in which each counts by its length. */
  readonly sliceMs: number;
}

/** Severity of a log line. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a lane reports. Times are ms since 1970. */
export type LaneEvent =
  | { readonly type: "claimed"; readonly id: number; readonly at: number }
  | { readonly type: "progress"; readonly id: number; readonly fraction?: number; readonly message?: string }
  | { readonly type: "log"; readonly id: number; readonly level: LogLevel; readonly text: string; readonly at: number }
  /** The attempt waits for the answer to a question about shared state; `request` is unique within the job. */
  | { readonly type: "shared"; readonly id: number; readonly request: number; readonly ask: SharedAsk }
  /** An encoded value for whoever reads the step's stream. */
  | { readonly type: "chunk"; readonly id: number; readonly value: Uint8Array }
  | {
      readonly type: "settled";
      readonly id: number;
      readonly outcome: JobOutcome;
      readonly startedAt: number;
      readonly endedAt: number;
      /** How much of that its thread computed, ms; absent where others shared the thread, or it was too short to tell. */
      readonly busyMs?: number;
      /** Of jobs with `io`, where threads are shared. */
      readonly slices?: AttemptSlices;
    }
  /** Jobs that lost their thread through another job, or were revoked: they run again from the start, at no attempt's cost. */
  | { readonly type: "returned"; readonly ids: readonly number[]; readonly reason: "revoked" | "thread-lost" }
  /** The lane cannot run anything any more; its jobs have been settled or returned before. */
  | { readonly type: "broken"; readonly error: Error };

/** One open channel of an executor. */
export interface Lane {
  /** Queues jobs behind those already there. Never throws for a job's sake. */
  push(jobs: readonly Job[]): void;
  /** Takes back jobs that have not been claimed; those that could be are reported `returned`. */
  revoke(ids: readonly number[]): void;
  /**
   * Asks a job to stop: unclaimed jobs settle as aborted at once; a running one gets its signal and hooks, and when
   * the grace period ends without an answer its thread is killed and it settles as aborted (timeout: failed).
   */
  abort(id: number, reason: AbortReason): void;
  /** Answers a `shared` event. Ignored if the job has ended. */
  answer(id: number, request: number, answer: SharedAnswer): void;
  /**
   * A job is likely to come soon: what takes long may begin. Reports nothing: a thread that does not start shows with the first job. Absent
   * where nothing takes long.
   */
  warm?(): void;
  /** Ends when nothing is in flight; the thread may stay warm. */
  close(): Promise<void>;
}

/**
 * What a lane is for: steps that have their thread to themselves while they run; light ones (`io`), many of which share a thread, each
 * in a lane of its own; or steps that get a thread which nobody has used and nobody will (`isolate`, `memory`).
 */
export type LaneKind = "plain" | "light" | "isolated";

/** How many lanes of other kinds may be opened beside the plain ones. */
export interface SpecialLanes {
  /** Threads for light steps, and how many lanes share each. */
  readonly light?: { readonly threads: number; readonly lanes: number };
  /** Lanes whose threads are used once. */
  readonly isolated?: number;
}

/** A place where attempts run. */
export interface Executor {
  /** For messages: `threads`, `inline`. */
  readonly name: string;
  /** How many lanes are worth opening. */
  readonly width: number;
  /** Jobs run on other machines: `cpus` and `memory` that their steps ask for are not this machine's. */
  readonly elsewhere?: boolean;
  /** What other kinds of lanes it has. Steps of a kind that it does not have run in plain ones. */
  readonly special?: SpecialLanes;
  /**
   * Opens a lane, a plain one unless told else; events arrive in batches. Lanes close their channel while idle, so that the process
   * can exit.
   * @param thread Of a light lane: the number of its thread, from 0. Default 0.
   */
  openLane(on: (events: readonly LaneEvent[]) => void, kind?: LaneKind, thread?: number): Lane;
  /** Closes all lanes and threads. */
  close(): Promise<void>;
}
