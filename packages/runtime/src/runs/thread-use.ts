/** How the steps of a run have used their threads, and what is worth saying of it at the run's end. */
import type { LaneEvent, StepOptions } from "@millrace/core";
import { RunSlices } from "./run-slices.js";
import { RunWaits } from "./run-waits.js";

/** A warning of a run. */
export interface ThreadAdvice {
  readonly code: "mostly-waited" | "held-shared-thread";
  readonly message: string;
  readonly hint: string;
}

/** Counts one run's. */
export class ThreadUse {
  readonly #waits = new RunWaits();
  readonly #slices = new RunSlices();

  /** An attempt is over. */
  add(task: string, options: StepOptions, event: Extract<LaneEvent, { readonly type: "settled" }>): void {
    const { startedAt, endedAt, busyMs, slices } = event;
    if (slices) this.#slices.add(task, slices);
    if (busyMs !== undefined && hasAnyThread(options)) this.#waits.add(task, endedAt - startedAt, busyMs);
  }

  /** What is worth a line. */
  advice(): readonly ThreadAdvice[] {
    const waited = this.#waits.advice();
    const held = this.#slices.advice();
    return [
      ...(waited ? [{ code: "mostly-waited" as const, ...waited }] : []),
      ...(held ? [{ code: "held-shared-thread" as const, ...held }] : []),
    ];
  }
}

/** Its author has not said which threads it is for. */
function hasAnyThread({ io, isolate, memory }: StepOptions): boolean {
  return io === undefined && !isolate && memory === undefined;
}
