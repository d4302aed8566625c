/** `flow graph <flow | run | file>`. */
import { writeFile } from "node:fs/promises";
import {
  type Drawing,
  drawGraph,
  drawJobGraph,
  drawRules,
  EXIT,
  type ExitCode,
  type FlowEntry,
  foldRun,
  graphName,
  type JobGraph,
  type Manifest,
  MillraceError,
  type NodeOutcome,
  type RuleGraph,
  type RuleSet,
  type RunId,
  realiseGraph,
  renderDot,
  renderMermaid,
  renderSuccessors,
  ruleGraph,
  ruleSuccessors,
  rulesName,
  type StepKey,
  type Successors,
  successorsOf,
} from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import { print, say } from "../output/streams.js";
import { ensureBuild } from "../project/ensure-build.js";
import { isJobPath } from "../project/is-job-path.js";
import { currentBuild, manifestAt } from "../project/manifest-at.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { findFlow } from "./find-flow.js";
import { jobNamed } from "./job-named.js";
import { withStore } from "./open-store.js";
import { realisedRules } from "./realised-rules.js";

type Format = "mermaid" | "dot" | "svg" | "html" | "json";

/** Options of `flow graph`. */
export interface GraphOptions extends CommonOptions {
  readonly format: Format;
  readonly output?: string;
  /** Print what may follow each step instead of a picture. */
  readonly successors?: boolean;
}

interface Subject {
  readonly manifest: Manifest;
  readonly flow: FlowEntry;
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

/** The same for jobs. */
const JOB_RENDERERS: Readonly<Record<Format, (job: Job) => string | Promise<string>>> = {
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
type Job =
  | { readonly graph: JobGraph; readonly outcomes: ReadonlyMap<StepKey, NodeOutcome> | undefined }
  | { readonly rules: RuleSet; readonly feeds: RuleGraph };

async function jobSvg(job: Job): Promise<string> {
  const { renderJobGraphSvg, renderRulesSvg } = await import("@millrace/core/picture");
  return "rules" in job ? renderRulesSvg(job.rules, job.feeds) : renderJobGraphSvg(job.graph, job.outcomes);
}

function drawingOf(job: Job): Drawing {
  return "rules" in job ? drawRules(job.rules, job.feeds) : drawJobGraph(job.graph, job.outcomes);
}

/** Prints the graph of a flow or job, or writes it to a file. */
export async function graph(name: string, options: GraphOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  // A flow goes before a run of that id; a run can be looked at while the project does not compile.
  const isFlow = Object.hasOwn(currentBuild(place)?.flows ?? {}, name);
  const job = isFlow ? undefined : await jobNamed(name, place);
  const text = job ? await jobText(name, job, place, options) : await flowText(name, place, { isFlow, options });
  if (options.output === undefined) {
    print(text);
    return EXIT.success;
  }
  try {
    await writeFile(options.output, text.endsWith("\n") ? text : `${text}\n`);
  } catch (cause) {
    throw new MillraceError("usage", `${options.output} cannot be written.`, {
      hint: "Give a file in a folder that exists, with -o.",
      data: { file: options.output },
      cause,
    });
  }
  say(`Wrote ${options.output}.`);
  return EXIT.success;
}

/** @throws MillraceError `usage` for what there is of flows alone. */
async function jobText(
  name: string,
  document: JobDocument,
  place: CommandPlace,
  options: GraphOptions,
): Promise<string> {
  const format = formatOf(options);
  const job =
    "rules" in document
      ? await withFeeds(name, document.rules, place)
      : { ...document, outcomes: await outcomesOf(name, place) };
  if (options.successors && "rules" in job) return successorsText(ruleSuccessors(job.rules, job.feeds), format);
  if (!options.successors) return JOB_RENDERERS[format](job);
  throw new MillraceError("usage", `--successors is about flows and rules: ${name} is a job graph.`, {
    hint: "What may follow a node are those that its edges lead to: --format svg.",
    data: { name },
  });
}

/** What became of the nodes of a run; undefined for a file. */
async function outcomesOf(name: string, place: CommandPlace): Promise<ReadonlyMap<StepKey, NodeOutcome> | undefined> {
  if (isFile(name)) return undefined;
  return withStore(place, async (store) => {
    const { steps } = await foldRun(name as RunId, () => store.read(name as RunId));
    return new Map(steps.map((step) => [step.key, step]));
  });
}

function isFile(name: string): boolean {
  return isJobPath(name) || name.endsWith(".json");
}

/** Of a run, what has been; of a file, what may be. */
async function withFeeds(name: string, rules: RuleSet, place: CommandPlace): Promise<Extract<Job, { rules: unknown }>> {
  const run = isFile(name) ? undefined : await realisedRules(place, name);
  return run ?? { rules, feeds: ruleGraph(rules, await ensureBuild(place)) };
}

async function flowText(
  name: string,
  place: CommandPlace,
  { isFlow, options }: { readonly isFlow: boolean; readonly options: GraphOptions },
): Promise<string> {
  const { manifest, flow } = (isFlow ? undefined : await realised(place, name)) ?? (await declared(place, name));
  const format = formatOf(options);
  return options.successors ? successorsText(successorsOf(flow.graph), format) : RENDERERS[format](flow, manifest);
}

function formatOf({ json, format }: GraphOptions): Format {
  return json ? "json" : format;
}

async function declared(place: CommandPlace, name: string): Promise<Subject> {
  const manifest = await ensureBuild(place);
  return { manifest, flow: findFlow(manifest, name) };
}

/** The flow of a run with the graph that it has realised; undefined if no run has that id. */
async function realised(place: CommandPlace, id: string): Promise<Subject | undefined> {
  return withStore(place, async (store) => {
    const summary = (await store.list()).find((run) => run.id === id);
    if (!summary) return undefined;
    const { run, steps } = await foldRun(summary.id, () => store.read(summary.id));
    const manifest = await manifestAt(place, run.build);
    const flow = findFlow(manifest, run.flow);
    return { manifest, flow: { ...flow, graph: realiseGraph(flow.graph, steps, manifest.flows) } };
  });
}

function successorsText(successors: readonly Successors[], format: Format): string {
  return format === "json" ? JSON.stringify(successors, null, 2) : renderSuccessors(successors);
}
