/** How much of a thread a light step takes from those that share it, by the slices of its task. */
import type { AttemptSlices } from "@millrace/core";

/** Slices up to this length count as the time that they take, ms: whoever waits for one waits for half of it on average. */
const SHORT_SLICE_MS = 20;
/** Longer ones count for more, up to so many times. */
const MOST_TIMES = 4;
/** Between two steps its lane waits for the next one, ms. */
const PAUSE_MS = 1;
/** Share of what is known of a task that is kept when the next attempt of it has ended. */
const KEPT = 0.8;

/**
 * The share of a thread, more than 0 and at most 1: of its time the step computes for so much, which counts up to four times if it does so
 * in long slices. 1: the step is not to share its thread.
 */
export function shareOfThread({ busyMs, waitedMs, sliceMs }: AttemptSlices): number {
  const used = busyMs / (busyMs + waitedMs + PAUSE_MS);
  const times = Math.min(Math.max(sliceMs / SHORT_SLICE_MS, 1), MOST_TIMES);
  return Math.min(Math.max(used * times, Number.EPSILON), 1);
}

/** Two attempts, or sums of attempts, as one. @param kept How much of the first counts, from 0 to 1. */
export function addSlices(first: AttemptSlices, second: AttemptSlices, kept = 1): AttemptSlices {
  const busyMs = first.busyMs * kept + second.busyMs;
  const squares = first.sliceMs * first.busyMs * kept + second.sliceMs * second.busyMs;
  return {
    busyMs,
    waitedMs: first.waitedMs * kept + second.waitedMs,
    sliceMs: busyMs === 0 ? 0 : squares / busyMs,
  };
}

/** What an engine has learnt of its light tasks: old attempts count less and less. */
export class ThreadShares {
  readonly #byTask = new Map<string, AttemptSlices>();

  /** The share of one step. Of a task that has never run, next to nothing. */
  of(task: string): number {
    const slices = this.#byTask.get(task);
    return slices ? shareOfThread(slices) : Number.EPSILON;
  }

  /** An attempt has ended. */
  learn(task: string, slices: AttemptSlices): void {
    const before = this.#byTask.get(task);
    this.#byTask.set(task, before ? addSlices(before, slices, KEPT) : slices);
  }
}
