/** How light steps of a run have used the threads that they share: worth a line at its end if some of them held their thread. */
import { type AttemptSlices, formatDuration } from "@millrace/core";
import { addSlices, shareOfThread } from "../steps/thread-share.js";

/** Holding a thread for less than this is nothing to speak of, ms. */
const WORTH_A_LINE_MS = 1_000;

/** Counts one run's. */
export class RunSlices {
  readonly #tasks = new Map<string, AttemptSlices>();

  /** An attempt of a light step is over. */
  add(task: string, slices: AttemptSlices): void {
    const before = this.#tasks.get(task);
    this.#tasks.set(task, before ? addSlices(before, slices) : slices);
  }

  /** What is worth saying of the task that held its thread for longest; undefined if none did. */
  advice(): { readonly message: string; readonly hint: string } | undefined {
    const [worst] = [...this.#tasks]
      .filter(([, slices]) => slices.busyMs >= WORTH_A_LINE_MS && shareOfThread(slices) === 1)
      .sort(([, a], [, b]) => b.busyMs - a.busyMs);
    if (!worst) return undefined;
    const [task, { busyMs, waitedMs, sliceMs }] = worst;
    const used = Math.round((busyMs / (busyMs + waitedMs)) * 100);
    return {
      message: `${task} has the option io and computed for ${formatDuration(sliceMs)} at a stretch, ${used} % of its time: steps that share a thread with it have to wait.`,
      hint: `Take the option from ${task} (io: false), or let another task do what computes.`,
    };
  }
}
