/** A run goes on with the job that it was started with: if the file says something else by now, whoever asks has to decide. */
import { compareJobGraphs, decodeValue, type JobGraph, MillraceError, type RunId } from "@millrace/core";
import type { CommandPlace } from "../project/place-of-command.js";
import { withStore } from "./open-store.js";

/** Compares the job of a run with that of the file. @throws MillraceError `run-differs`, with what was added, removed and changed. */
export async function refuseChangedJob(place: CommandPlace, run: RunId, graph: JobGraph): Promise<void> {
  const recorded = await recordedGraph(place, run);
  const difference = recorded && compareJobGraphs(recorded, graph);
  if (!difference) return;
  const parts = Object.entries(difference).flatMap(([what, ids]) =>
    ids.length === 0 ? [] : [`${what}: ${ids.join(", ")}`],
  );
  throw new MillraceError("run-differs", `Run ${run} was started with another job (${parts.join("; ")}).`, {
    hint: `Go on with the job of the run: \`flow resume ${run}\`. Or start the new one: without -r.`,
    data: { run, ...difference },
  });
}

/** The graph that a run has on record; undefined for a run of a flow. */
async function recordedGraph(place: CommandPlace, run: RunId): Promise<JobGraph | undefined> {
  return withStore(place, async (store) => {
    for await (const fact of store.read(run)) {
      if (fact.kind !== "run-started" || !fact.graph) return undefined;
      return decodeValue(fact.params.read()) as JobGraph; // written by the engine from a graph that it had read
    }
    return undefined;
  });
}
