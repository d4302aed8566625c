/** Notices code of a flow body that holds the main thread: everything else in the process stands still meanwhile, and no signal is heard. */

/** Longest time between two waits of a body that nobody hears of, ms. */
const LIMIT_MS = 1_000;

/**
 * Called right before a body's code goes on: `held` is called once that code waits again or has ended, if it took longer than a second.
 * @param now A monotonic clock, ms.
 */
export function watchHold(held: (ms: number) => void, now: () => number = () => performance.now()): void {
  const since = now();
  // Node runs a tick that a microtask has asked for when no microtask is left, and before anything else has its turn.
  queueMicrotask(() =>
    process.nextTick(() => {
      const ms = now() - since;
      if (ms > LIMIT_MS) held(ms);
    }),
  );
}
