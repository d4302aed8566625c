/** A clock whose timers can be had at once: when an engine closes, nobody moves a clock that stands still. */
import type { Clock } from "@millrace/core";

/** Another clock's time, and timers that need not wait for it. */
export class ImpatientClock implements Clock {
  readonly #clock: Clock;
  /** By what is called, how each timer is cancelled. */
  readonly #waiting = new Map<() => void, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(ms: number, callback: () => void, options?: { readonly unref?: boolean }): () => void {
    const fire = (): void => {
      this.#waiting.delete(fire);
      callback();
    };
    const cancel = this.#clock.after(ms, fire, options);
    this.#waiting.set(fire, cancel);
    return () => {
      this.#waiting.delete(fire);
      cancel();
    };
  }

  /** Calls back for every timer that waits. The time of the other clock, which others may use, stays what it is. */
  fireAll(): void {
    for (const [fire, cancel] of [...this.#waiting]) {
      cancel();
      fire();
    }
  }
}
