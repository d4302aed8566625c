/** A wait with an end. */
import type { Clock } from "@millrace/core";

/** Whether a promise settles, either way, within so many ms. Never rejects; it fulfils as soon as that is known. */
export async function settlesWithin(promise: Promise<unknown>, clock: Clock, ms: number): Promise<boolean> {
  let cancel = (): void => {};
  const timeUp = new Promise<boolean>((resolve) => {
    cancel = clock.after(ms, () => resolve(false));
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, timeUp]);
  cancel();
  return inTime;
}
