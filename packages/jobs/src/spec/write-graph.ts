/**
 * Writes a flow down as a job graph, for an engine: what is known before it begins. Types that decide while they are ticked are refused,
 * with their place. `ctx.flow.tasks.<key>.data.result.…` is the result of a node; all else that a reference names stands in the flow.
 */
import {
  checkOptions,
  JOB_GRAPH_VERSION,
  type JobEdge,
  type JobGraph,
  type JobNode,
  type JobParam,
  type JobRun,
  type StepOptions,
} from "@millrace/core";
import type { FlowDocument, TaskDocument } from "./flow-document.js";
import { interpolate, REFERENCE } from "./interpolate.js";
import { isRecord, shown } from "./json-data.js";
import { readSpec } from "./read-spec.js";
import { readFields } from "./spec-fields.js";
import { NOOP_FUNCTION, PRINT_FUNCTION } from "./spec-functions.js";
import type { Report } from "./spec-issue.js";
import { wiredTasks } from "./wired-tasks.js";

/** What a task's node runs and is given. */
type NodeParts = Pick<JobNode, "run" | "params" | "options">;

/** Where a task stands. */
interface Place {
  readonly flow: FlowDocument;
  readonly task: TaskDocument;
  /** Path of the task in the spec. */
  readonly at: string;
  readonly report: Report;
}

type WriteNode = (place: Place) => NodeParts | undefined;

const WRITERS: Readonly<Record<string, WriteNode>> = {
  noop: () => ({ run: { local: NOOP_FUNCTION } }),
  // What it carries stands in the parameters of others by now.
  wire: () => ({ run: { local: NOOP_FUNCTION } }),
  print: (place) => printNode(place, ""),
  log: (place) => printNode(place, `[${place.flow.label}/${place.task.key}] `),
  task: (place) => callNode(place, "task"),
  flow: (place) => (Object.hasOwn(place.task.taskParams, "flow") ? callNode(place, "flow") : graphNode(place)),
};

/** The graph of a flow that has not begun. @param at Path of the flow in the spec, with a dot behind it if it is not empty. */
export function writeGraph(flow: FlowDocument, report: Report, at = ""): JobGraph {
  if (flow.status !== "PENDING")
    report(`${at}status`, `is ${flow.status}: a flow that has been ticked goes on by ticks`);
  const wired = { ...flow, tasks: [...wiredTasks(flow, report, at)] };
  const nodes = wired.tasks.flatMap((task, i): JobNode[] => {
    const place = { flow: wired, task, at: `${at}tasks[${i}]`, report };
    if (!Object.hasOwn(WRITERS, task.taskType)) {
      const known = Object.keys(WRITERS).join(", ");
      report(
        `${place.at}.taskType`,
        `is "${task.taskType}", which only ticks can run: an engine runs ${known}. \`flow spec add\` stores a flow that is ticked`,
      );
      return [];
    }
    if (Object.keys(task.data).length > 0)
      report(`${place.at}.data`, "is what a ticked task begins with: a node of an engine has parameters alone");
    const parts = (WRITERS[task.taskType] as WriteNode)(place);
    return parts ? [{ id: task.key, ...parts }] : [];
  });
  const edges = flow.tasks.flatMap(({ key: to, precursors }) => precursors.map((from): JobEdge => ({ from, to })));
  const policy = flow.cfg.failFast ? "fail-fast" : "skip-dependents";
  return { version: JOB_GRAPH_VERSION, name: flow.label, policy, nodes, edges };
}

function printNode(place: Place, mark: string): NodeParts | undefined {
  const { msg } = fieldsOf(place, ["msg"]);
  if (msg === undefined) return void place.report(`${place.at}.taskParams.msg`, "is missing");
  const params = writeParams({ msg }, place, `${place.at}.taskParams`);
  return { run: { local: PRINT_FUNCTION }, params: mark === "" ? params : { ...params, mark: { value: mark } } };
}

/** A task or a flow of the build. */
function callNode(place: Place, kind: "task" | "flow"): NodeParts | undefined {
  const { [kind]: id, params = {}, options } = fieldsOf(place, [kind, "params", "options"]);
  const at = `${place.at}.taskParams`;
  if (typeof id !== "string")
    return void place.report(`${at}.${kind}`, `must be the name of a ${kind}, not ${shown(id)}`);
  if (!isRecord(params)) return void place.report(`${at}.params`, `must be an object, not ${shown(params)}`);
  const issues = options === undefined ? [] : checkOptions(options, kind);
  for (const { path, message } of issues)
    place.report(`${at}.options${path === "" ? "" : `.${path}`}`, message.replace(/\.$/, ""));
  return {
    // One of the two: the kind is the name of the field.
    run: { [kind]: id } as JobRun,
    params: writeParams(params, place, `${at}.params`),
    // Without issues they are what they are called.
    ...(options === undefined || issues.length > 0 ? {} : { options: options as StepOptions }),
  };
}

/** A flow inside. */
function graphNode(place: Place): NodeParts | undefined {
  const { flowSpec, data = {}, stored } = fieldsOf(place, ["flowSpec", "data", "stored"]);
  const at = `${place.at}.taskParams`;
  if (stored !== undefined)
    place.report(`${at}.stored`, "has no meaning on an engine, which has every node on record: leave it out");
  const added = writeParams({ data }, place, at).data;
  if (!added || !("value" in added) || !isRecord(added.value))
    return void place.report(
      `${at}.data`,
      "must be known before the flow begins: a graph inside a graph has no inputs",
    );
  const report: Report = (path, message) => place.report(`${at}.flowSpec${path === "" ? "" : `.${path}`}`, message);
  const label = `${place.flow.label}/${place.task.key}`;
  const given = isRecord(flowSpec) ? { key: place.task.key, label, ...flowSpec } : flowSpec;
  const document = readSpec(given, report);
  return { run: { graph: writeGraph({ ...document, data: { ...document.data, ...added.value } }, report) } };
}

function fieldsOf({ task, at, report }: Place, names: readonly string[]): Readonly<Record<string, unknown>> {
  return readFields(task.taskParams, { at: `${at}.taskParams`, what: "an object", names, report })?.values ?? {};
}

/** Parameters: whole where nothing in them is the result of a node, else in parts. */
function writeParams(
  given: Readonly<Record<string, unknown>>,
  place: Place,
  at: string,
): Readonly<Record<string, JobParam>> {
  const written: [string, JobParam][] = [];
  const write = (value: unknown, name: string): void => {
    const where = `${at}.${name}`;
    const result = typeof value === "string" ? resultOf(value, place, where) : undefined;
    if (result) written.push([name, result]);
    else if (!takesResult(value)) written.push([name, { value: constantOf(value, place, where) }]);
    else if (isRecord(value)) for (const [part, inner] of Object.entries(value)) write(inner, `${name}.${part}`);
    else if (Array.isArray(value)) written.push([name, paramOf(value, place, where)]);
  };
  for (const [name, value] of Object.entries(given)) write(value, name);
  return Object.fromEntries(written);
}

/** A list that takes results, each part from where it says. */
function paramOf(value: unknown, place: Place, at: string): JobParam {
  const result = typeof value === "string" ? resultOf(value, place, at) : undefined;
  if (result) return result;
  if (!takesResult(value)) return { value: constantOf(value, place, at) };
  if (Array.isArray(value)) return { list: value.map((item, i) => paramOf(item, place, `${at}[${i}]`)) };
  const parts = Object.entries(isRecord(value) ? value : {});
  return { fields: Object.fromEntries(parts.map(([name, part]) => [name, paramOf(part, place, `${at}.${name}`)])) };
}

const TASKS = `${REFERENCE}flow.tasks.`;

/** True if a value refers to another task, or something in it does. */
function takesResult(value: unknown): boolean {
  if (typeof value === "string") return value.startsWith(TASKS);
  return typeof value === "object" && value !== null && Object.values(value).some(takesResult);
}

function resultOf(text: string, { flow, report }: Place, at: string): JobParam | undefined {
  if (!text.startsWith(TASKS)) return undefined;
  const [key = "", data, result, ...path] = text.slice(TASKS.length).split(".");
  const source = flow.tasks.find((task) => task.key === key);
  const gives =
    source?.taskType === "task" || (source?.taskType === "flow" && Object.hasOwn(source.taskParams, "flow"));
  if (gives && data === "data" && result === "result")
    return { from: key, ...(path.length === 0 ? {} : { path: path.join(".") }) };
  return void report(
    at,
    `is ${text}, and an engine knows of other tasks only what a task or flow of the build returns: $ctx.flow.tasks.<key>.data.result`,
  );
}

/** A value that is known: nobody writes the flow's data on an engine. */
function constantOf(value: unknown, { flow, task, report }: Place, at: string): unknown {
  const { key, label, data } = flow;
  try {
    return interpolate(value, { ctx: { flow: { key, label, data }, task } });
  } catch (error) {
    return void report(at, error instanceof Error ? error.message.replace(/\.$/, "") : String(error));
  }
}
