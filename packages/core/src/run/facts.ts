/**
 * Facts: what is durable about a run. The order of `seq` is the order in which outcomes reach flow bodies.
 * Everything else about a run (lists, views, checkpoints) is a fold over its facts.
 */
import type { ActivationPath, BuildHash, Identity, Site, StepKey } from "../identity/brands.js";
import type { AbortCause, SettledState, StepSource } from "../step/step-state.js";

/** Encoded bytes (values/envelope.ts). Reading may touch the disk. */
export interface StoredBytes {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes; do not change them. */
  read(): Uint8Array;
  /** SHA-256 in hexadecimal, where it is known without reading them. */
  readonly hash?: string;
  /** Path of a file that holds them and nothing else, for a thread that reads them by itself. */
  readonly file?: string;
}

/**
 * Why a run waits: for something from outside; for an owner, since its own stopped or could start no threads; for a decision, since its body
 * waits for nothing, went another way than its record, or has records that may belong to any of several calls.
 */
export type SuspendReason = "wait" | "interrupt" | "no-threads" | "stalled" | "diverged" | "ambiguous";

/** What every fact has. */
export interface FactBase {
  /** 1, 2, 3, … without gaps within a run. */
  readonly seq: number;
  /** Wall-clock time of the fact, ms since 1970. */
  readonly at: number;
}

/** The run exists. Always the first fact. */
export interface RunStarted extends FactBase {
  readonly kind: "run-started";
  /** Flow id, or name of a job graph or rule set. */
  readonly flow: string;
  readonly build: BuildHash;
  /** Encoded parameters; the document itself if the run is one of a job graph or rule set. */
  readonly params: StoredBytes;
  /** It is a run of a job graph. */
  readonly graph?: true;
  /** It is a run of a rule set. */
  readonly rules?: true;
  /** The file that the document comes from, if whoever started it says so. */
  readonly origin?: RunOrigin;
  /** Seed of the generators behind `this.random()` and `this.uuid()`. */
  readonly seed: string;
}

/** The file that a run was started from: who goes on with it finds there who watches. */
export interface RunOrigin {
  /** From the project's folder, with `/`. */
  readonly file: string;
  /** Values of variables that the file was read with, beside those of the environment. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Canonical hash of what it said, to tell whether it says something else by now. */
  readonly hash?: string;
}

/** Another owner goes on with it. */
export interface RunResumed extends FactBase {
  readonly kind: "run-resumed";
  readonly build: BuildHash;
  /** `seq` of the records that are tried again instead of restored. */
  readonly dropped: readonly number[];
  /** The code differs from the build that wrote the record so far. */
  readonly changed?: true;
  /** The owner accepted that a replay may diverge. */
  readonly accepted?: true;
}

/** The run stopped before its end and can go on. */
export interface RunSuspended extends FactBase {
  readonly kind: "run-suspended";
  readonly reason: SuspendReason;
  /** For people: what it waits for, or where it diverged. */
  readonly message: string;
}

/** The run is over. */
export interface RunEnded extends FactBase {
  readonly kind: "run-ended";
  readonly state: "succeeded" | "failed" | "aborted";
  /** Result, if it succeeded. */
  readonly value?: StoredBytes;
  /** Error, if it failed or was aborted. */
  readonly error?: StoredBytes;
  /** Keys of the steps found in the error (itself, `cause`, `errors`) or lost with it in a map: those that a resume tries again. */
  readonly blamed: readonly StepKey[];
  /** `seq` of records that the body never asked for. */
  readonly orphans: readonly number[];
}

/** What a settled step and a settled activation have in common. */
export interface Settlement extends FactBase {
  readonly key: StepKey;
  readonly site: Site;
  /** Node id in the build that ran it. */
  readonly node: string;
  /** Body that asked for it. */
  readonly body: ActivationPath;
  readonly identity: Identity;
  readonly state: SettledState;
  readonly source: StepSource;
  /** Only with state `aborted`. */
  readonly cause?: AbortCause;
  /** Settled after its body had ended: recorded, never delivered. */
  readonly late?: true;
  /** Encoded parameters. */
  readonly params?: StoredBytes;
  readonly value?: StoredBytes;
  readonly error?: StoredBytes;
  /** Attempts begun over all owners. */
  readonly attempts: number;
  /** ms since 1970. */
  readonly readyAt: number;
  /** ms since 1970; absent if it never ran. */
  readonly startedAt?: number;
  /** ms since 1970. */
  readonly endedAt: number;
}

/** A task's step ended. */
export interface StepSettled extends Settlement {
  readonly kind: "step-settled";
  /** Start of its last attempt, ms since 1970; only where there were several, and not in older records. */
  readonly attemptStartedAt?: number;
  /** Task id. */
  readonly task: string;
  /** It succeeded, and its result serves equal steps of other runs. */
  readonly cacheable?: true;
}

/** A sub-flow, a graph inside a graph, a local step, a sleep, a wait, a whole map item or a token that was held ended; restored as one. */
export interface ActivationSettled extends Settlement {
  readonly kind: "activation-settled";
  readonly activation: "subflow" | "graph" | "step" | "sleep" | "wait" | "item" | "token";
  /** Flow id of a sub-flow, name of a graph, of a local step or a wait, `sleep`, task-less site of a map item, type of a token. */
  readonly task: string;
  /** Steps recorded inside, over all levels. */
  readonly steps: number;
  /** Id of the message that a wait got. */
  readonly message?: string;
  /** Only with states `failed` and `aborted`: keys of the steps inside that are found in its error, or of a graph's nodes that did not succeed. */
  readonly blamed?: readonly StepKey[];
}

/** A settled step or activation. */
export type SettledFact = StepSettled | ActivationSettled;

/** An attempt failed and another follows. Committed before the pause. */
export interface AttemptFailed extends FactBase {
  readonly kind: "attempt-failed";
  readonly key: StepKey;
  readonly site: Site;
  readonly node: string;
  readonly body: ActivationPath;
  readonly task: string;
  readonly identity: Identity;
  /** From 1. */
  readonly attempt: number;
  /** Time that the step has taken up to here, its queueing and pauses included, time without an owner left out; ms. */
  readonly spentMs: number;
  readonly error: StoredBytes;
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * A record takes its place anew: under the key that asked for it, and at this point of the order. Written whenever a record
 * is delivered to a body that is not the one recorded, so that the next life finds the order of this one.
 */
export interface RecordMoved extends FactBase {
  readonly kind: "record-moved";
  /** `seq` at which the record stood. */
  readonly record: number;
  readonly key: StepKey;
  readonly site: Site;
  readonly node: string;
  readonly body: ActivationPath;
}

/** Something came from outside. Those of one name go to the waits for it, first come, first served. */
export interface MessageReceived extends FactBase {
  readonly kind: "message";
  /** Unique; by it a sender sees that its message has come. */
  readonly id: string;
  readonly name: string;
  readonly value: StoredBytes;
}

/**
 * A sleep, or the limit of a wait, was given its end, which holds over all owners; or a sub-flow with a timeout has begun, and ends here at the
 * latest unless time passes in which nobody owns the run: that does not count.
 */
export interface TimerSet extends FactBase {
  readonly kind: "timer";
  readonly key: StepKey;
  readonly body: ActivationPath;
  /** ms since 1970. */
  readonly due: number;
}

/**
 * A key of shared state has another value, or none. What an attempt wrote is committed together with its success, what a body
 * wrote together with its `shared-used`, and what was published by itself.
 */
export interface SharedCommitted extends FactBase {
  readonly kind: "shared-commit";
  /** The step that wrote, or the use by a body. */
  readonly key: StepKey;
  /** Key of the shared state. */
  readonly name: string;
  /** Absent: the key is gone. */
  readonly value?: StoredBytes;
}

/** A body used shared state, and was given what stands here: the same again on every resume. Shown as no step. */
export interface SharedUsed extends Settlement {
  readonly kind: "shared-used";
  /** What it did: `get`, `set`, … */
  readonly task: string;
}

/** The breakpoints were changed, or steps that they hold are let go. */
export interface BreakpointChanged extends FactBase {
  readonly kind: "breakpoint";
  /** Unique; by it whoever asked for it sees that it has been made. */
  readonly id: string;
  /**
   * `set` and `drop` (without a selector: all of them) breakpoints; `continue`: what is held goes on; `step`: the longest held goes
   * on, and every step that begins from then on is held.
   */
  readonly change: "set" | "drop" | "continue" | "step";
  readonly selector?: string;
}

/** A step is held before it begins. */
export interface StepHeld extends FactBase {
  readonly kind: "step-held";
  readonly key: StepKey;
  readonly site: Site;
  readonly node: string;
  readonly body: ActivationPath;
  readonly task: string;
  /** The breakpoint that holds it; absent: the run is gone through step by step. */
  readonly selector?: string;
}

/** Any fact. */
export type Fact =
  | RunStarted
  | RunResumed
  | RunSuspended
  | RunEnded
  | StepSettled
  | ActivationSettled
  | AttemptFailed
  | RecordMoved
  | MessageReceived
  | TimerSet
  | SharedCommitted
  | SharedUsed
  | BreakpointChanged
  | StepHeld;

/** Kinds of facts; the store keeps them by this number. Numbers are never reused. */
export const FACT_KINDS = {
  "run-started": 1,
  "run-resumed": 2,
  "run-suspended": 3,
  "run-ended": 4,
  "step-settled": 5,
  "activation-settled": 6,
  "attempt-failed": 7,
  "record-moved": 8,
  message: 9,
  timer: 10,
  "shared-commit": 11,
  "shared-used": 12,
  breakpoint: 13,
  "step-held": 14,
} as const;

/** Wraps bytes that are in memory. @param hash SHA-256 in hexadecimal, if it is known. */
export function bytesInMemory(bytes: Uint8Array, hash?: string): StoredBytes {
  return { size: bytes.byteLength, read: () => bytes, ...(hash === undefined ? {} : { hash }) };
}
