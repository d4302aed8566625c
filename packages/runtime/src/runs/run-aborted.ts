/** The error that a cancelled run ends with. */
import { MillraceError, type RunId } from "@millrace/core";

/** `reason` is for people. */
export function runAborted(run: RunId, reason: string): MillraceError {
  return new MillraceError("run-aborted", `Run ${run} was cancelled: ${reason}`, {
    hint: `It goes on only with \`flow resume ${run} --reopen\`.`,
    data: { run },
  });
}
