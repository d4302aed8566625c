/** What an engine has learnt of its tasks from attempts that have ended: how long they take, and what they take of a thread that others share. */
import type { LaneEvent } from "@millrace/core";
import { ExpectedDurations } from "./expected-durations.js";
import { AHEAD_MS, NEXT_MS } from "./lanes.js";
import { ThreadShares } from "./thread-share.js";

/** What an attempt of a task that has never run is expected to take, ms: others are not queued ahead with it. */
const UNKNOWN_MS = 2 * AHEAD_MS;
/** What it counts on its lane, ms: nothing is queued behind it. */
const UNTRIED_MS = 2 * NEXT_MS;

/** Learns from each attempt. */
export class TaskHistory {
  readonly #durations = new ExpectedDurations();
  readonly #shares = new ThreadShares();

  /** An attempt has ended. */
  learn(task: string, { startedAt, endedAt, slices }: Extract<LaneEvent, { readonly type: "settled" }>): void {
    this.#durations.learn(task, endedAt - startedAt);
    if (slices) this.#shares.learn(task, slices);
  }

  /** How long an attempt is expected to take, ms. */
  expected(task: string): number {
    return this.#durations.expected(task) ?? UNKNOWN_MS;
  }

  /** How much work it is on a lane, ms. */
  work(task: string): number {
    return this.#durations.expected(task) ?? UNTRIED_MS;
  }

  /** The share of a thread that a light step takes; 1 if nothing is left for others. */
  share(task: string): number {
    return this.#shares.of(task);
  }
}
