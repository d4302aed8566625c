/** Port: time. Tests use a manual clock. Conformance: `clockConformance` of `millrace/testing/conformance`. */

/** A source of time and timers. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /**
   * Calls back once after `ms` milliseconds, later even if there are none left; those due together in the order of setting. The
   * returned function cancels, at any time. Never keeps the process alive by itself if `unref`.
   */
  after(ms: number, callback: () => void, options?: { readonly unref?: boolean }): () => void;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Timers longer than 24.8 days are chained. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback, options) {
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      const part = Math.min(left, MAX_TIMER_MS);
      timer = setTimeout(() => (left > part ? arm(left - part) : callback()), part);
      if (options?.unref) timer.unref();
    };
    arm(ms);
    return () => clearTimeout(timer);
  },
};
