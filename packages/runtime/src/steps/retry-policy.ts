/** When a failed attempt is tried again: a pure function of options, attempt and outcome. */
import { durationMs, type JobOutcome, type RetryOptions } from "@millrace/core";

/** A failed outcome of an attempt. */
export type FailedOutcome = Extract<JobOutcome, { readonly type: "failed" }>;

/** Attempts in all, the first included. */
export function attemptsOf(retry: RetryOptions | undefined): number {
  return retry?.attempts ?? 1;
}

/**
 * Pause before the next attempt in ms; undefined if there is none.
 * @param attempt The attempt that failed, from 1.
 * @param random A number from 0 to 1 for the jitter.
 */
export function pauseBeforeRetry(
  retry: RetryOptions | undefined,
  attempt: number,
  outcome: FailedOutcome,
  random: number,
): number | undefined {
  if (outcome.fatal || attempt >= attemptsOf(retry)) return undefined;
  if (retry?.retryOn && !retry.retryOn.includes(outcome.errorName)) return undefined;
  if (outcome.retryAfterMs !== undefined) return outcome.retryAfterMs;
  const delay = durationMs(retry?.delay ?? 0, "retry.delay");
  const longest =
    retry?.maxDelay === undefined ? Number.POSITIVE_INFINITY : durationMs(retry.maxDelay, "retry.maxDelay");
  const grown = Math.min(delay * growth(retry?.backoff ?? "fixed", attempt), longest);
  const jitter = retry?.jitter ?? 0;
  return grown * (1 - jitter + 2 * jitter * random);
}

function growth(backoff: NonNullable<RetryOptions["backoff"]>, attempt: number): number {
  if (backoff === "exponential") return 2 ** (attempt - 1);
  return backoff === "linear" ? attempt : 1;
}
