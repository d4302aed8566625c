/** What `attempt` and collecting maps give instead of a result or a rejection. */
import { isMillraceError } from "@millrace/core";
import type { Outcome } from "@millrace/sdk";

/** It came to its result. */
export function successful(value: unknown): Outcome<unknown> {
  return { status: "succeeded", value };
}

/** It did not; what is thrown and is no error becomes one. */
export function unsuccessful(thrown: unknown): Outcome<unknown> {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const aborted = isMillraceError(error) && error.code === "step-aborted";
  return { status: aborted ? "aborted" : "failed", error };
}
