/** The two errors for authors to throw, recognised across threads and copies by their brand. */
import type { Duration } from "@millrace/core";

const FATAL = Symbol.for("millrace.fatal");
const RETRYABLE = Symbol.for("millrace.retryable");

/** Thrown in a task: no further attempt, whatever the retry options say. */
export class FatalError extends Error {
  override name = "FatalError";
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, FATAL, { value: true });
  }
}

/** Thrown in a task: worth another attempt, after a pause of its own if it says so. */
export class RetryableError extends Error {
  override name = "RetryableError";
  /** Pause before the next attempt, instead of the back-off of the options. */
  readonly after: Duration | undefined;
  constructor(message: string, options?: ErrorOptions & { readonly after?: Duration }) {
    super(message, options);
    this.after = options?.after;
    Object.defineProperty(this, RETRYABLE, { value: true });
  }
}

/** True for a FatalError of any copy of this package. */
export function isFatal(error: unknown): boolean {
  return typeof error === "object" && error !== null && FATAL in error;
}

/** The pause that a RetryableError of any copy of this package asks for. */
export function retryAfter(error: unknown): Duration | undefined {
  return typeof error === "object" && error !== null && RETRYABLE in error
    ? (error as { readonly after?: Duration }).after
    : undefined;
}
