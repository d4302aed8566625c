/** What a run that is data has on record. */
import { decodeValue, type JobGraph, type RuleSet, type RunId } from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import type { CommandPlace } from "../project/place-of-command.js";
import { withStore } from "./open-store.js";

/** The graph or rule set of a run; undefined for a run of a flow. */
export async function recordedDocument(place: CommandPlace, run: RunId): Promise<JobDocument | undefined> {
  return withStore(place, async (store) => {
    for await (const fact of store.read(run)) {
      if (fact.kind !== "run-started") return undefined;
      // Written by the engine from what it had read.
      if (fact.graph) return { graph: decodeValue(fact.params.read()) as JobGraph };
      return fact.rules ? { rules: decodeValue(fact.params.read()) as RuleSet } : undefined;
    }
    return undefined;
  });
}
