/** Pictures of jobs in the forms that `flow graph` and `flow project graph` have, and where they go. */
import {
  type Drawing,
  drawJobGraph,
  drawRules,
  EXIT,
  type ExitCode,
  graphName,
  type JobGraph,
  type NodeOutcome,
  type RuleGraph,
  type RuleSet,
  renderDot,
  renderMermaid,
  rulesName,
  type StepKey,
} from "@millrace/core";
import { print, say } from "../output/streams.js";
import { writeOutput } from "../output/write-output.js";
import type { CommonOptions } from "./common-options.js";

/** In what form. */
export type Format = "mermaid" | "dot" | "svg" | "html" | "json";

/** In what form, and where to. */
export interface PictureOptions extends Pick<CommonOptions, "json"> {
  readonly format: Format;
  /** A file. Default: stdout. */
  readonly output?: string;
}

/** Pictures are laid out by a library that nothing else needs: it is loaded for them alone. */
const RENDERERS: Readonly<Record<Format, (job: JobPicture) => string | Promise<string>>> = {
  mermaid: (job) => renderMermaid(drawingOf(job)),
  dot: (job) => renderDot(drawingOf(job)),
  svg: jobSvg,
  html: async (job) => {
    const { renderPage } = await import("../graph-page/render-page.js");
    const { describeJobGraph, describeRules } = await import("../graph-page/describe-job.js");
    const name = "rules" in job ? rulesName(job.rules) : graphName(job.graph);
    const data =
      "rules" in job
        ? describeRules(name, job.rules, drawingOf(job))
        : describeJobGraph(name, job.graph, drawingOf(job));
    return renderPage({ name, svg: await jobSvg(job), data });
  },
  json: (job) => JSON.stringify("rules" in job ? job.feeds : job.graph, null, 2),
};

/** A job: of a run, with what became of its nodes; of rules, with who may feed whom. */
export type JobPicture =
  | { readonly graph: JobGraph; readonly outcomes?: ReadonlyMap<StepKey, NodeOutcome> | undefined }
  | { readonly rules: RuleSet; readonly feeds: RuleGraph };

/** The picture as SVG. */
export async function jobSvg(job: JobPicture): Promise<string> {
  const { renderJobGraphSvg, renderRulesSvg } = await import("@millrace/core/picture");
  return "rules" in job ? renderRulesSvg(job.rules, job.feeds) : renderJobGraphSvg(job.graph, job.outcomes);
}

function drawingOf(job: JobPicture): Drawing {
  return "rules" in job ? drawRules(job.rules, job.feeds) : drawJobGraph(job.graph, job.outcomes);
}

/** The picture of a job. */
export function renderJob(job: JobPicture, format: Format): string | Promise<string> {
  return RENDERERS[format](job);
}

/** `--json` is a form, too. */
export function formatOf({ json, format }: PictureOptions): Format {
  return json ? "json" : format;
}

/** Prints a picture, or writes it to the file that the options name. @throws MillraceError `usage`. */
export async function putPicture(text: string, { output }: PictureOptions): Promise<ExitCode> {
  if (output === undefined) {
    print(text);
    return EXIT.success;
  }
  await writeOutput(output, text);
  say(`Wrote ${output}.`);
  return EXIT.success;
}
