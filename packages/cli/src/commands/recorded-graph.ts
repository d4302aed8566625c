/** The job graph of a run. */
import { decodeValue, type JobGraph, type RunId } from "@millrace/core";
import type { CommandPlace } from "../project/place-of-command.js";
import { withStore } from "./open-store.js";

/** The graph that a run has on record; undefined for a run of a flow. */
export async function recordedGraph(place: CommandPlace, run: RunId): Promise<JobGraph | undefined> {
  return withStore(place, async (store) => {
    for await (const fact of store.read(run)) {
      if (fact.kind !== "run-started" || !fact.graph) return undefined;
      return decodeValue(fact.params.read()) as JobGraph; // written by the engine from a graph that it had read
    }
    return undefined;
  });
}
