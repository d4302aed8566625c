/** Ticks of handlers that may never end. */
import { formatDuration, MillraceError } from "@millrace/core";

/**
 * What work comes to, if it does so in time. What does not is told by its signal and left alone: nobody waits for it any more.
 * @param ms Undefined: as long as it takes.
 * @throws MillraceError `task-misuse`; what the work throws.
 */
export async function withinTime<T>(work: (signal: AbortSignal) => T | Promise<T>, ms: number | undefined): Promise<T> {
  const over = new AbortController();
  if (ms === undefined) return work(over.signal);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new MillraceError(
        "task-misuse",
        `Its tick did not end within ${formatDuration(ms)} (tickTimeout).`,
      );
      over.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([work(over.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
