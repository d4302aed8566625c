/** Goes on with what other processes have left, when an engine is opened that is told to. */
import { type ErrorCode, goesOnByItself, isMillraceError, type RunId, withoutRevealed } from "@millrace/core";
import type { Engine } from "../api/engine.js";

/** Another engine that opened at the same time has taken the run over, or has even brought it to its end. */
const TAKEN: ReadonlySet<ErrorCode> = new Set(["run-owned", "run-not-resumable"]);

/** What the run executes is not here: a flow is gone, functions are those of another program. Nothing is wrong with the other runs. */
const ELSEWHERE: ReadonlySet<ErrorCode> = new Set([
  "unknown-flow",
  "job-graph-invalid",
  "rules-invalid",
  "limit-unmeetable",
]);

/** Goes on with every run that nobody owns and that needs no decision; one that cannot go on here is left as it is, and told of on stderr. */
export async function recoverRuns(engine: Engine): Promise<void> {
  for (const run of await engine.runs()) {
    if (!goesOnByItself(run) || run.owner !== undefined) continue;
    await engine.resume(run.id).catch((error: unknown) => passOver(run.id, error));
  }
}

function passOver(id: RunId, error: unknown): void {
  if (!isMillraceError(error)) throw error;
  if (TAKEN.has(error.code)) return;
  if (!ELSEWHERE.has(error.code)) throw error;
  process.stderr.write(
    `millrace: Run ${id} cannot go on here and is left as it is. ${withoutRevealed(error.message)}\n`,
  );
}
