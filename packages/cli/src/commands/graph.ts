/** `flow graph <flow | run | file>`. */
import {
  drawGraph,
  type ExitCode,
  type FlowEntry,
  type Manifest,
  MillraceError,
  type RunId,
  renderDot,
  renderMermaid,
  renderSuccessors,
  ruleGraph,
  ruleSuccessors,
  type Successors,
  successorsOf,
} from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import { ensureBuild } from "../project/ensure-build.js";
import { isJobPath } from "../project/is-job-path.js";
import { currentBuild } from "../project/manifest-at.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { findFlow } from "./find-flow.js";
import { jobNamed } from "./job-named.js";
import { type Format, formatOf, type JobPicture, type PictureOptions, putPicture, renderJob } from "./job-picture.js";
import { type FlowOfBuild, realisedFlow } from "./realised-flow.js";
import { realisedJob } from "./realised-job.js";

/** Options of `flow graph`. */
export interface GraphOptions extends CommonOptions, PictureOptions {
  /** Print what may follow each step instead of a picture. */
  readonly successors?: boolean;
}

type Renderer = (flow: FlowEntry, manifest: Manifest) => string | Promise<string>;

/** Pictures are laid out by a library that nothing else needs: it is loaded for them alone. */
const RENDERERS: Readonly<Record<Format, Renderer>> = {
  mermaid: ({ graph }) => renderMermaid(drawGraph(graph)),
  dot: ({ graph }) => renderDot(drawGraph(graph)),
  svg: async (flow, { tasks }) => (await import("@millrace/core/picture")).renderSvg(flow, tasks),
  html: async (flow, manifest) => (await import("../graph-page/render-page.js")).renderFlowPage(flow, manifest),
  json: ({ graph }) => JSON.stringify(graph, null, 2),
};

/** Prints the graph of a flow or job, or writes it to a file. */
export async function graph(name: string, options: GraphOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  // A flow goes before a run of that id; a run can be looked at while the project does not compile.
  const isFlow = Object.hasOwn(currentBuild(place)?.flows ?? {}, name);
  const job = isFlow ? undefined : await jobNamed(name, place);
  const text = job ? await jobText(name, job, place, options) : await flowText(name, place, { isFlow, options });
  return putPicture(text, options);
}

/** @throws MillraceError `usage` for what there is of flows alone. */
async function jobText(
  name: string,
  document: JobDocument,
  place: CommandPlace,
  options: GraphOptions,
): Promise<string> {
  const format = formatOf(options);
  const realised = isFile(name) ? undefined : await realisedJob(place, name as RunId, document);
  const job = realised ?? (await declaredJob(document, place));
  if (options.successors && "rules" in job) return successorsText(ruleSuccessors(job.rules, job.feeds), format);
  if (!options.successors) return renderJob(job, format);
  throw new MillraceError("usage", `--successors is about flows and rules: ${name} is a job graph.`, {
    hint: "What may follow a node are those that its edges lead to: --format svg.",
    data: { name },
  });
}

function isFile(name: string): boolean {
  return isJobPath(name) || name.endsWith(".json");
}

async function declaredJob(document: JobDocument, place: CommandPlace): Promise<JobPicture> {
  if (!("rules" in document)) return document;
  return { ...document, feeds: ruleGraph(document.rules, await ensureBuild(place)) };
}

async function flowText(
  name: string,
  place: CommandPlace,
  { isFlow, options }: { readonly isFlow: boolean; readonly options: GraphOptions },
): Promise<string> {
  const { manifest, flow } = (isFlow ? undefined : await realisedFlow(place, name)) ?? (await declared(place, name));
  const format = formatOf(options);
  return options.successors ? successorsText(successorsOf(flow.graph), format) : RENDERERS[format](flow, manifest);
}

async function declared(place: CommandPlace, name: string): Promise<FlowOfBuild> {
  const manifest = await ensureBuild(place);
  return { manifest, flow: findFlow(manifest, name) };
}

function successorsText(successors: readonly Successors[], format: Format): string {
  return format === "json" ? JSON.stringify(successors, null, 2) : renderSuccessors(successors);
}
