/** What is drawn of a job: of a file, what may be; of a run, what has become of it. */
import {
  type Drawing,
  drawJobGraph,
  drawRules,
  foldRun,
  type JobGraph,
  type NodeOutcome,
  type RuleGraph,
  type RuleSet,
  type RunId,
  type StepKey,
} from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import type { CommandPlace } from "../project/place-of-command.js";
import { withStore } from "./open-store.js";
import { realisedRules } from "./realised-rules.js";

/** A graph, with what became of its nodes if it ran; rules, with who feeds whom. */
export type DrawnJob =
  | { readonly graph: JobGraph; readonly outcomes?: ReadonlyMap<StepKey, NodeOutcome> | undefined }
  | { readonly rules: RuleSet; readonly feeds: RuleGraph };

/** What a run has made of its document; undefined if there is no such run. */
export async function realisedJob(
  place: CommandPlace,
  run: RunId,
  document: JobDocument,
): Promise<DrawnJob | undefined> {
  if ("rules" in document) return realisedRules(place, run);
  return withStore(place, async (store) => {
    const { steps } = await foldRun(run, () => store.read(run));
    return { ...document, outcomes: new Map(steps.map((step) => [step.key, step])) };
  });
}

/** The picture, without syntax. */
export function drawingOf(job: DrawnJob): Drawing {
  return "rules" in job ? drawRules(job.rules, job.feeds) : drawJobGraph(job.graph, job.outcomes);
}

/** The picture as SVG. The layout library is loaded for it alone. */
export async function jobSvg(job: DrawnJob): Promise<string> {
  const { renderJobGraphSvg, renderRulesSvg } = await import("@millrace/core/picture");
  return "rules" in job ? renderRulesSvg(job.rules, job.feeds) : renderJobGraphSvg(job.graph, job.outcomes);
}
