/** A job file, with all that it includes, as a job graph or rule set: the stages from the text to the document, in order. */
import { readFileSync, statSync } from "node:fs";
import { dirname, parse, relative, resolve, sep } from "node:path";
import {
  type Diagnostic,
  findProject,
  isMillraceError,
  JOB_GRAPH_VERSION,
  type JobGraph,
  type RuleSet,
} from "@millrace/core";
import { checkDependencies } from "./check-dependencies.js";
import { FieldReader, fieldsOf } from "./field-reader.js";
import { jobDiagnostic, type ReportFinding } from "./findings.js";
import { readWithIncludes } from "./include.js";
import { type JobConfig, readConfig } from "./read-config.js";
import { type JobSettings, readRules } from "./read-rules.js";
import { readTask } from "./read-task.js";
import type { JobWatchers } from "./read-watchers.js";
import { readRuleFolder } from "./rule-folder.js";
import { SourceMap } from "./source-map.js";
import { type JobVariables, substitute } from "./substitute.js";
import type { FieldsTree, Tree } from "./tree.js";

/** How a job file is read. */
export interface JobFileOptions {
  /** Values of `$VAR{…}`. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Values of `$ENV{…}`. Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder of the project: `$SYS{APP_ROOT_DIR}`, and what places in findings are relative to. Default: that of the nearest package.json, else the file's own. */
  readonly root?: string;
}

/** What a job is: tasks in an order, or rules. */
export type JobDocument = { readonly graph: JobGraph } | { readonly rules: RuleSet };

/** A job file that has been read. */
export interface JobReading {
  /** As findings name it. */
  readonly file: string;
  /** Absolute path of what files in findings are relative to. */
  readonly root: string;
  /** What could be made of it: complete if there are no findings; undefined if there is nothing to look at any further. */
  readonly document: JobDocument | undefined;
  /** Who watches its runs; undefined if the file could not be read. */
  readonly watchers: JobWatchers | undefined;
  readonly places: SourceMap;
  readonly diagnostics: readonly Diagnostic[];
}

/** Who asks for the reading. */
export interface ReadingPurpose {
  /** Let variables without a value through, for a check before they are given. */
  readonly openVariables?: boolean;
}

/** Reads a job file, or a folder of rules; whatever is wrong with it is a result. */
export function readJob(
  file: string,
  { vars = {}, env = process.env, root: given }: JobFileOptions = {},
  { openVariables: open = false }: ReadingPurpose = {},
): JobReading {
  const path = resolve(file);
  const root = given === undefined ? rootAround(dirname(path)) : resolve(given);
  const shown = (one: string): string => relative(root, one).split(sep).join("/");
  const diagnostics: Diagnostic[] = [];
  const report: ReportFinding = (finding) => void diagnostics.push(jobDiagnostic(finding));
  const variables: JobVariables = { var: vars, env, sys: { APP_ROOT_DIR: root } };
  const filled = (tree: Tree): Tree => substitute(tree, { variables, open, report });
  const files = { read, shown, substitute: filled, report };
  const whole = isFolder(path) ? readRuleFolder(path, files) : readWithIncludes(path, files);
  const places = new SourceMap();
  const reading = { file: shown(path), root, places, diagnostics };
  // What comes behind a file that could not be read, or not wholly, would only follow from it.
  if (!whole || diagnostics.length > 0) return { ...reading, document: undefined, watchers: undefined };
  const job = filled(whole) as FieldsTree;
  const { settings, watchers, wholly } = readConfig(job, places, report);
  return {
    ...reading,
    document: readDocument(job, { name: parse(path).name, ...settings, wholly }, places, report),
    watchers,
  };
}

function readDocument(
  job: FieldsTree,
  { wholly, ...settings }: JobSettings & Pick<JobConfig, "wholly">,
  places: SourceMap,
  report: ReportFinding,
): JobDocument | undefined {
  const key = job.fields.get("rules")?.key;
  if (!key) {
    const graph = readTasks(job, { ...settings, wholly }, places, report);
    return graph && { graph };
  }
  const tasks = job.fields.get("tasks")?.key;
  if (tasks) {
    const message = "A job has tasks or rules, and this one has both.";
    report({ code: "job-invalid", span: tasks, message, related: [{ span: key, message: "the rules" }] });
  }
  const rules = readRules(job, { ...settings, wholly }, places, report);
  return rules && { rules };
}

function readTasks(
  job: FieldsTree,
  { wholly, ...settings }: JobSettings & Pick<JobConfig, "wholly">,
  places: SourceMap,
  report: ReportFinding,
): JobGraph | undefined {
  const fields = new FieldReader(job, "", report);
  const key = fields.field("tasks")?.key;
  places.set("", { name: "The job", span: job.span });
  places.set("nodes", { name: "tasks", span: key ?? job.span });
  // What is wrong with the order is found here, where each dependency has its place.
  places.set("edges", { name: "dependencies", span: job.span, open: true });
  const entries = fields.take("tasks", "a mapping of tasks by name", fieldsOf);
  if (!entries?.fields.size) {
    const message = key
      ? "The job has no tasks: there is nothing to run."
      : 'The job lacks "tasks": there is nothing to run.';
    const hint = "A job looks like { tasks: { fetch: { task: FetchForecast, parameters: { city: Oslo } } } }.";
    if (key ? entries : wholly) report({ code: "job-invalid", span: key ?? job.span, message, hint });
    return undefined;
  }
  const known = { names: new Set(entries.fields.keys()), wholly };
  const tasks = [...entries.fields].map(([id, entry], index) => readTask(id, entry, { index, known, places, report }));
  const edges = checkDependencies(tasks, known, report);
  return {
    version: JOB_GRAPH_VERSION,
    ...settings,
    nodes: tasks.map(({ node }) => node),
    edges: edges.map(({ from, to }) => ({ from, to })),
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function rootAround(folder: string): string {
  try {
    return findProject(folder).root;
  } catch (error) {
    if (isMillraceError(error)) return folder;
    throw error;
  }
}
