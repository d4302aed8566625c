/** The run that `flow show` and `flow logs` are about. */
import { MillraceError, type RunSummary, unknownRun } from "@millrace/core";

/** The run of that id; without one, the newest. @throws MillraceError `unknown-run`. */
export function runOrNewest(newestFirst: readonly RunSummary[], id: string | undefined): RunSummary {
  const run = id === undefined ? newestFirst[0] : newestFirst.find((one) => one.id === id);
  if (!run) throw noSuchRun(id, newestFirst);
  return run;
}

/** The error for a run that is not among these. */
export function noSuchRun(id: string | undefined, known: readonly RunSummary[]): MillraceError {
  if (id === undefined) {
    return new MillraceError("unknown-run", "There is no run yet.", { hint: "Start one with `flow run <flow>`." });
  }
  return unknownRun(
    id,
    known.map((run) => run.id),
  );
}
