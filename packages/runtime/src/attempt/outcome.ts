/** Outcomes and their errors, made in one place for attempts that end by themselves and for those that a lane ends. */
import { inspect } from "node:util";
import type { AbortReason, Job, JobOutcome } from "@millrace/core";
import {
  decodeError,
  encodeError,
  formatDuration,
  isMillraceError,
  MillraceError,
  parseDuration,
  withoutRevealed,
} from "@millrace/core/thread";
import { isFatal, retryAfter } from "@millrace/sdk/internal";

/** What an outcome needs to know of its job. */
export type JobNames = Pick<Job, "key" | "task" | "attempt">;

/**
 * An error as it is; anything else that was thrown, wrapped in one that shows it: for hooks and for log lines. Never
 * throws, and what it gives can be read.
 */
export function asError(thrown: unknown): Error {
  try {
    // Errors of another realm (vm contexts, Vitest) fail instanceof.
    if (thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]") {
      const error = thrown as Error;
      // Getters and proxies may throw at whoever looks: here, and not where the outcome is made.
      void [error.name, error.message, error.stack, isFatal(error), retryAfter(error), isMillraceError(error)];
      return error;
    }
    return new Error(`A value that is no Error was thrown: ${inspect(thrown, { depth: 2 })}`);
  } catch {
    return decodeError(encodeError(thrown));
  }
}

/** Codes whose cause lies in the code itself: another attempt would end the same way. */
const FATAL_CODES: ReadonlySet<string> = new Set([
  "invalid-parameters",
  "value-not-sendable",
  "value-unreadable",
  "stand-in-failed",
  "shared-misuse",
]);

/** The outcome of a failure. `errorName` is the error's name; a MillraceError is named by its code. */
export function failedOutcome(thrown: unknown, options: { readonly fatal?: boolean } = {}): JobOutcome {
  const error = asError(thrown);
  const code = isMillraceError(error) ? error.code : undefined;
  const pause = parseDuration(retryAfter(error));
  return {
    type: "failed",
    error: encodeError(thrown),
    errorName: code ?? (typeof error.name === "string" ? withoutRevealed(error.name) : "Error"),
    fatal: options.fatal === true || isFatal(error) || (code !== undefined && FATAL_CODES.has(code)),
    ...(pause === undefined ? {} : { retryAfterMs: pause }),
  };
}

/** What a signal's reason and `onAbort` get to see. */
export function abortError(job: JobNames, reason: AbortReason): MillraceError {
  return new MillraceError(reason.kind === "timeout" ? "step-timeout" : "step-aborted", reason.message, {
    ...(reason.kind === "timeout" ? { hint: 'Raise the option "timeout", or do less in one attempt.' } : {}),
    data: { step: job.key, task: job.task, attempt: job.attempt, kind: reason.kind },
  });
}

/** The outcome of an attempt that was told to stop: a failure if its time was up, else an abort. */
export function stoppedOutcome(reason: AbortReason, error: MillraceError): JobOutcome {
  return reason.kind === "timeout" ? failedOutcome(error) : { type: "aborted", error: encodeError(error) };
}

/** The outcome of an attempt that was told to stop and did not, within its grace period. */
export function unstoppedOutcome(
  job: JobNames & Pick<Job, "graceMs">,
  reason: AbortReason,
  fate: "its thread was ended" | "it was abandoned and still runs",
): JobOutcome {
  const error = new MillraceError(
    reason.kind === "timeout" ? "step-timeout" : "step-aborted",
    `${asSentence(reason.message)} Task ${job.task} (step ${job.key}) did not stop within its grace of ${formatDuration(job.graceMs)}; ${fate}.`,
    {
      hint: `Pass this.signal of ${job.task} on to what it waits for and check signal.aborted in long loops; onAbort and onDestroy share the grace, which the option "grace" raises.`,
      data: { step: job.key, task: job.task, attempt: job.attempt, kind: reason.kind, graceMs: job.graceMs },
    },
  );
  return stoppedOutcome(reason, error);
}

/** Reasons are given by people too: with a full stop or without. */
function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
