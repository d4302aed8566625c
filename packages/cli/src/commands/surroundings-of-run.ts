/** What a run that goes on has beside the work: what its job file says now, if it was started from one. */
import { canonicalHash, isMillraceError, type RunId, type RunOrigin } from "@millrace/core";
import { readOrigin } from "../homes/job-of-origin.js";
import { jobSurroundings, projectSurroundings, type RunSurroundings } from "../homes/job-surroundings.js";
import { say } from "../output/streams.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { withStore } from "./open-store.js";

/** Of a run; an unknown one has those of the project, and the engine says that it is unknown. */
export async function surroundingsOfRun(place: CommandPlace, id: string): Promise<RunSurroundings> {
  const started = await startOf(place, id);
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

interface StartedRun {
  readonly run: RunId;
  readonly flow: string;
  readonly origin: RunOrigin | undefined;
}

async function startOf(place: CommandPlace, id: string): Promise<StartedRun | undefined> {
  return withStore(place, async (store) => {
    const summary = (await store.list()).find((run) => run.id === id);
    if (!summary) return undefined;
    for await (const fact of store.read(summary.id)) {
      const origin = fact.kind === "run-started" ? fact.origin : undefined;
      return { run: summary.id, flow: summary.flow, origin };
    }
    return undefined;
  });
}
