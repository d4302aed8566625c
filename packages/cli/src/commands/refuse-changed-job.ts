/** A run goes on with the job that it was started with: if the file says something else by now, whoever asks has to decide. */
import { compareJobGraphs, type JobGraph, MillraceError, type RunId } from "@millrace/core";
import type { CommandPlace } from "../project/place-of-command.js";
import { recordedGraph } from "./recorded-graph.js";

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
