/** A wait that ends early when it has lost its point. */
import type { Clock } from "@millrace/core";

/** Fulfils after so many ms, or when the signal is aborted, if that comes first. Never rejects, and leaves no listener behind. */
export function pause(ms: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const over = (): void => {
      cancel();
      signal?.removeEventListener("abort", over);
      resolve();
    };
    const cancel = clock.after(ms, over);
    signal?.addEventListener("abort", over);
  });
}
