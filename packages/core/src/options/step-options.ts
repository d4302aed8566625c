/**
 * StepOptions: the one vocabulary of decorators, calls, YAML fields and job-graph nodes.
 * Names are final; an option that this version does not act on yet is refused by `flow build` and the engine.
 */
import type { Duration } from "./duration.js";

/** How failed attempts are tried again. */
export interface RetryOptions {
  /** Attempts in total, the first included. Default 1. */
  readonly attempts?: number;
  /** Growth of the pause between attempts. Default `fixed`. */
  readonly backoff?: "fixed" | "linear" | "exponential";
  /** Pause before the second attempt. Default 0. */
  readonly delay?: Duration;
  /** Upper bound of the pause. */
  readonly maxDelay?: Duration;
  /** Share of the pause that is random, 0 to 1. Default 0. */
  readonly jitter?: number;
  /** Names of the errors that are worth another attempt. Default: all but FatalError. */
  readonly retryOn?: readonly string[];
}

/** How often attempts may begin. */
export interface RateLimit {
  readonly limit: number;
  readonly per: Duration;
  /** Whose starts are counted together. Default: those of the task. */
  readonly name?: string;
}

/** Options of a step; task < flow < call, merged leaf by leaf. */
export interface StepOptions {
  /** Display name; also the step's site at a call. */
  readonly name?: string;
  /** How failed attempts are tried again. */
  readonly retry?: RetryOptions;
  /** Longest time of one attempt, counted from its claim by a thread. */
  readonly timeout?: Duration;
  /**
   * Longest time of the step with all its attempts, queueing and pauses included. A resume goes on counting where the last
   * failed attempt on record left off; time in which nobody owned the run does not count.
   */
  readonly totalTimeout?: Duration;
  /** Time that all hooks together have after an abort signal. Default 10 s. */
  readonly grace?: Duration;
  /**
   * Share the result across runs: a step takes the recorded result of an equal one (same task, code, version and parameters), if it
   * is no older than `ttl`. Of equal steps under way in one engine one runs and the others wait for it. Failures are not shared.
   */
  readonly cache?: boolean | { readonly ttl: Duration };
  /** The result depends on parameters and code alone: a record serves at any site. */
  readonly pure?: boolean;
  /** Raised by hand to invalidate recorded results. */
  readonly version?: string;
  /**
   * It mostly waits (network, files, timers): up to 64 such steps share one thread. A number: at most so many of this task together.
   * What computes for long does not belong here: it would keep the others from going on.
   */
  readonly io?: boolean | number;
  /** Each attempt gets a thread that no other step has used or will use. */
  readonly isolate?: boolean;
  /** Limit of its heap, MiB: each attempt gets a thread of its own with that limit. Beyond it, it fails with `out-of-memory`. */
  readonly memory?: number;
  /**
   * Of the steps that may start, higher goes first; of equals, what has the longest path of its run ahead of it. Default 0. Strict: while steps of a higher
   * priority wait for what a lower one needs, the lower one waits.
   */
  readonly priority?: number;
  /** Named pool: no more of its steps run at once than its size (`pools` of the engine, or of `millrace` in package.json). */
  readonly pool?: string;
  /**
   * Tokens that the step holds while it runs, all or none: `{ cpus: 2, memory: 512, gpu: 1 }`. The totals are `resources` of the
   * engine, or of `millrace` in package.json; `cpus` and `memory` (MiB) are the machine's unless they are given. Steps that
   * name no resources hold none.
   */
  readonly resources?: Readonly<Record<string, number>>;
  /** At most `limit` attempts begin in any window of length `per`. */
  readonly rateLimit?: RateLimit;
  /** Steps with equal keys never run together, whatever run of this engine they belong to. */
  readonly concurrencyKey?: string;
  /** Largest encoded result, bytes. Default, and most: 2^31 - 1. */
  readonly maxResultBytes?: number;
  /** Free labels for selecting and reporting. */
  readonly tags?: readonly string[];
}

/** Options that have a meaning at a call of a flow. */
export const FLOW_CALL_OPTIONS: readonly string[] = ["name", "timeout", "pure", "version", "tags"];

/** All of them. */
export const OPTION_NAMES = [
  "name",
  "retry",
  "timeout",
  "totalTimeout",
  "grace",
  "cache",
  "pure",
  "version",
  "io",
  "isolate",
  "memory",
  "priority",
  "pool",
  "resources",
  "rateLimit",
  "concurrencyKey",
  "maxResultBytes",
  "tags",
] as const;

/** Names inside `retry`. */
export const RETRY_NAMES = ["attempts", "backoff", "delay", "maxDelay", "jitter", "retryOn"] as const;
