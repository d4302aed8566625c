/** Something that was tried: its value, or why there is none. So one look serves several checks, and only one reports a failure. */

/** Outcome of one look. */
export type Attempt<T> = PromiseSettledResult<T>;

/** Tries. */
export async function attempt<T>(action: () => T | Promise<T>): Promise<Attempt<T>> {
  const [settled] = await Promise.allSettled([(async () => action())()]);
  return settled;
}

/** The value; undefined if there is none. */
export function reached<T>(tried: Attempt<T> | undefined): T | undefined {
  return tried?.status === "fulfilled" ? tried.value : undefined;
}
