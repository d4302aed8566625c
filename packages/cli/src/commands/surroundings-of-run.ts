/** What a run that goes on has beside the work: what its job file says now, if it was started from one. */
import { canonicalHash, isMillraceError } from "@millrace/core";
import { readOrigin } from "../homes/job-of-origin.js";
import { jobSurroundings, projectSurroundings, type RunSurroundings } from "../homes/job-surroundings.js";
import { startOfRun } from "../homes/start-of-run.js";
import { say } from "../output/streams.js";
import type { CommandPlace } from "../project/place-of-command.js";

/** Of a run; an unknown one has those of the project, and the engine says that it is unknown. */
export async function surroundingsOfRun(place: CommandPlace, id: string): Promise<RunSurroundings> {
  const started = await startOfRun(place, id);
  if (!started?.origin) return projectSurroundings(place);
  const { run, flow, origin } = started;
  const job = await readOrigin(origin, place).catch((error: unknown) => {
    if (!isMillraceError(error)) throw error;
    say(`Run ${run} was started from ${origin.file}, which says who watches: ${error.message}`);
    return undefined;
  });
  if (!job) return projectSurroundings(place);
  // The run keeps its job; who watches is read anew.
  if (origin.hash !== undefined && origin.hash !== canonicalHash(job.document))
    say(
      `${origin.file} says something else than when run ${run} began: the run goes on with the job that it was started with.`,
    );
  return jobSurroundings(flow, job.watchers, place);
}
