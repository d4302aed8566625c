/** What a run has made of its flow. */
import { type FlowEntry, foldRun, type Manifest, realiseGraph } from "@millrace/core";
import { manifestAt } from "../project/manifest-at.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { findFlow } from "./find-flow.js";
import { withStore } from "./open-store.js";

/** A flow in the build that it belongs to. */
export interface FlowOfBuild {
  readonly manifest: Manifest;
  readonly flow: FlowEntry;
}

/** The flow of a run with the graph that it has realised; undefined if no run has that id. */
export async function realisedFlow(place: CommandPlace, id: string): Promise<FlowOfBuild | undefined> {
  return withStore(place, async (store) => {
    const summary = (await store.list()).find((run) => run.id === id);
    if (!summary) return undefined;
    const { run, steps } = await foldRun(summary.id, () => store.read(summary.id));
    const manifest = await manifestAt(place, run.build);
    const flow = findFlow(manifest, run.flow);
    return { manifest, flow: { ...flow, graph: realiseGraph(flow.graph, steps, manifest.flows) } };
  });
}
