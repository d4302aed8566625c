/** What a run has made of its job. */
import { foldRun, type RunId } from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import type { CommandPlace } from "../project/place-of-command.js";
import type { JobPicture } from "./job-picture.js";
import { withStore } from "./open-store.js";
import { realisedRules } from "./realised-rules.js";

/** Its graph with what became of the nodes, or its rules with who gave what to whom; undefined if there is no such run. */
export async function realisedJob(
  place: CommandPlace,
  run: RunId,
  document: JobDocument,
): Promise<JobPicture | undefined> {
  if ("rules" in document) return realisedRules(place, run);
  return withStore(place, async (store) => {
    const { steps } = await foldRun(run, () => store.read(run));
    return { ...document, outcomes: new Map(steps.map((step) => [step.key, step])) };
  });
}
