/** A clock that stands still until the test moves it. */
import type { Clock } from "@millrace/core";

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** Time under the test's control. */
export class ManualClock implements Clock {
  #now: number;
  #timers: Timer[] = [];

  constructor(start = 1_800_000_000_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { due: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer);
    };
  }

  /** Resolves when a timer that is due in just so many ms is waiting. */
  async waiting(ms: number): Promise<void> {
    while (!this.#timers.some((timer) => timer.due - this.#now === ms))
      await new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves time forward and fires what is due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter((t) => t.due <= end).sort((a, b) => a.due - b.due);
      if (!next) break;
      this.#timers = this.#timers.filter((t) => t !== next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
    }
    this.#now = end;
  }
}
