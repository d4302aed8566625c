/** Timers of one run: they fire in the order of their ends, also those whose ends have passed while nobody ran it. */
import type { Clock } from "@millrace/core";
import { failpoint } from "../failpoints/failpoint.js";

interface Timer {
  /** ms since 1970. */
  readonly due: number;
  readonly fire: () => void;
}

/** The timers. */
export class RunTimers {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #disarm: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sets one; the function given back takes it away. */
  set(due: number, fire: () => void): () => void {
    const timer = { due, fire };
    this.#timers.add(timer);
    this.#arm();
    return () => {
      if (this.#timers.delete(timer)) this.#arm();
    };
  }

  #arm(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    if (this.#timers.size === 0) return;
    let first = Number.POSITIVE_INFINITY;
    for (const { due } of this.#timers) first = Math.min(first, due);
    this.#disarm = this.#clock.after(Math.max(0, first - this.#clock.now()), () => this.#fire());
  }

  #fire(): void {
    this.#disarm = undefined;
    const now = this.#clock.now();
    const over = [...this.#timers].filter(({ due }) => due <= now).sort((a, b) => a.due - b.due);
    // One that fires may take another away.
    for (const timer of over) {
      if (!this.#timers.delete(timer)) continue;
      failpoint("timer-fired");
      timer.fire();
    }
    this.#arm();
  }
}
