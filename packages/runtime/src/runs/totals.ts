/** Counts of a run's settled steps. */
import type { SettledState, StepTotals } from "@millrace/core";

/** A running count. */
export class Totals {
  readonly #counts = { succeeded: 0, failed: 0, skipped: 0, aborted: 0 };
  #restored = 0;
  #cached = 0;

  /** Counts one step. */
  add(state: SettledState, source: "ran" | "restored" | "cached"): void {
    this.#counts[state]++;
    if (source === "restored") this.#restored++;
    if (source === "cached") this.#cached++;
  }

  /** The counts as they stand. */
  now(): StepTotals {
    const { succeeded, failed, skipped, aborted } = this.#counts;
    return {
      total: succeeded + failed + skipped + aborted,
      succeeded,
      failed,
      skipped,
      aborted,
      restored: this.#restored,
      cached: this.#cached,
    };
  }
}
