/** The job graph that a command names: a file, or a run of one. */
import type { JobGraph } from "@millrace/core";
import { ensureBuild } from "../project/ensure-build.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { checkedJob } from "./checked-job.js";
import { withStore } from "./open-store.js";
import { readGraphFile, readWithoutValues } from "./read-graph-file.js";
import { recordedGraph } from "./recorded-graph.js";

/** The graph, read against the build if it comes from a file; undefined for a name that is neither. @throws MillraceError `job-graph-invalid`, `job-invalid`. */
export async function jobGraphNamed(name: string, place: CommandPlace): Promise<JobGraph | undefined> {
  if (/\.ya?ml$/.test(name)) {
    const { graph } = await checkedJob({ file: name, vars: undefined }, place, await ensureBuild(place));
    return graph;
  }
  if (name.endsWith(".json")) return readWithoutValues(await readGraphFile(name), await ensureBuild(place));
  const run = await withStore(place, async (store) => (await store.list()).find(({ id }) => id === name));
  return run && recordedGraph(place, run.id);
}
