/** The error that `run.result()` rejects with when a run stopped before its end. */
import { MillraceError, type RunId, type SuspendReason } from "@millrace/core";

/** Why `run.result()` rejects, and how to go on. */
export function suspendedError(run: RunId, reason: SuspendReason, message: string): MillraceError {
  const code = reason === "diverged" ? "replay-diverged" : reason === "stalled" ? "stalled" : "run-suspended";
  const accept = reason === "diverged" ? " --accept" : "";
  return new MillraceError(code, `Run ${run} is suspended (${reason}): ${message}`, {
    hint: `Go on with \`flow resume ${run}${accept}\`.`,
    data: { run, reason },
  });
}
