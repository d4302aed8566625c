/** The error of what comes too late for a run. */
import { MillraceError, type RunId, type RunState } from "@millrace/core";

const ENDS: Partial<Record<RunState, string>> = {
  succeeded: "is over: it has succeeded",
  failed: "is over: it has failed",
  aborted: "is over: it was cancelled",
};

/** `state` is where it stands. */
export function runOver(run: RunId, state: RunState): MillraceError {
  return new MillraceError("run-over", `Run ${run} ${ENDS[state] ?? "is stopping and takes nothing any more"}.`, {
    hint: `Look at it with \`flow show ${run}\`.`,
    data: { run, state },
  });
}
