/**
 * Lowers a flow to a job graph: nodes and order come from its static graph, parameters from the syntax of its body. All that is in the way is told.
 * A failure of a step ends the graph as it ends the flow.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type FlowEntry,
  type GraphNode,
  JOB_GRAPH_VERSION,
  type JobEdge,
  type JobGraph,
  type JobNode,
  type Span,
} from "@millrace/core";
import { ts } from "ts-morph";
import { spanBetween } from "../project/span-of.js";
import type { ExportedFlow, ExportReason, ExportRequest } from "./exported-flow.js";
import { flowFunction } from "./flow-function.js";
import type { Glue } from "./glue.js";
import { readBody } from "./read-body.js";
import type { CalledNode, CallGlue } from "./read-glue.js";

/** Reads the module of the flow, as it is on the disk, and lowers it. @throws what reading the file throws. */
export function lowerFlow({ root, flow, params, name }: ExportRequest): ExportedFlow {
  const text = readFileSync(join(root, flow.source), "utf8");
  const source = ts.createSourceFile(flow.source, text, ts.ScriptTarget.ESNext, true);
  const reasons: ExportReason[] = [...valuesInTheWay(flow, params), ...nodesInTheWay(flow)];
  const calls = new Map<CalledNode, CallGlue>();
  const within = flowFunction(flow, source);
  if (!within) {
    const message = `The body of ${flow.id} does not stand in its declaration: it cannot be read from there.`;
    return { reasons: [...reasons, { span: flow.span, message }] };
  }
  const refuse = (node: ts.Node, message: string): void => {
    const span = spanOf(node, source);
    // What the graph has told already is not told again, nor what stands around or inside it.
    if (!reasons.some((told) => overlap(told.span, span))) reasons.push({ span, message });
  };
  for (const schema of within.schemas)
    refuse(schema, "What a schema makes of a parameter is known when the flow runs.");
  readBody({
    within,
    locals: new Map(),
    given: params,
    param: (param) => paramOf(flow, params, param),
    nodeAt: (call) => calledAt(flow, spanOf(call, source)),
    called: (node, glue) => calls.set(node, glue),
    refuse,
  });
  for (const node of flow.graph.nodes)
    if (isCalled(node) && !calls.has(node) && reasons.length === 0)
      reasons.push({ span: node.span, message: `The call of ${node.id} does not stand in the body itself.` });
  if (reasons.length > 0)
    return { reasons: reasons.sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column) };
  return { graph: graphOf(flow, name, calls) };
}

function graphOf({ graph, options }: FlowEntry, name: string, calls: ReadonlyMap<CalledNode, CallGlue>): JobGraph {
  const nodes = [...calls].map(([node, { params, options: own }]): JobNode => {
    const run = node.kind === "call" ? { task: node.task } : { flow: node.flow };
    return {
      id: node.id,
      run,
      ...(Object.keys(params).length > 0 ? { params } : {}),
      ...(own && Object.keys(own).length > 0 ? { options: own } : {}),
    };
  });
  const pairs = new Map<string, JobEdge>();
  for (const { from, to } of graph.edges) pairs.set(JSON.stringify([from, to]), { from, to });
  const { timeout } = options;
  return {
    version: JOB_GRAPH_VERSION,
    name,
    policy: "fail-fast",
    ...(timeout === undefined ? {} : { timeout }),
    nodes,
    edges: [...pairs.values()],
  };
}

function isCalled(node: GraphNode): node is CalledNode {
  return node.kind === "call" || node.kind === "subflow";
}

function calledAt({ graph }: FlowEntry, { file, line, column }: Span): CalledNode | undefined {
  return graph.nodes.find(
    (node): node is CalledNode =>
      isCalled(node) && node.span.file === file && node.span.line === line && node.span.column === column,
  );
}

/** A parameter that was given, or its default where that is a constant. */
function paramOf({ params }: FlowEntry, given: ExportRequest["params"], name: string): Glue | undefined {
  const entry = params.find((one) => one.name === name);
  if (!entry) return undefined;
  if (Object.hasOwn(given, name)) return { value: given[name] };
  if (!entry.default) return { value: undefined };
  return "value" in entry.default ? { value: entry.default.value } : undefined;
}

/** Parameters whose values a document cannot hold. */
function valuesInTheWay({ span }: FlowEntry, params: ExportRequest["params"]): readonly ExportReason[] {
  return Object.entries(params).flatMap(([name, value]) =>
    isJson(value) ? [] : [{ span, message: `The parameter ${name} is given what JSON lacks.` }],
  );
}

function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null)
    return value === null || typeof value === "string" || typeof value === "boolean";
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.values(value).every(isJson);
}

/** What stands in the graph and is no call, without what stands inside such a thing. */
function nodesInTheWay({ graph }: FlowEntry): ExportReason[] {
  return graph.nodes.flatMap((node) =>
    isCalled(node) || node.parent !== undefined ? [] : [{ span: node.span, message: inTheWay(node) }],
  );
}

function inTheWay(node: Exclude<GraphNode, CalledNode>): string {
  switch (node.kind) {
    case "map":
      return `There is a call for each of ${node.over}: how many is known when the flow runs.`;
    case "loop":
      return `There is a call for each turn of ${node.text}: how many is known when the flow runs.`;
    case "branch":
      return `Whether there is a call depends on ${node.condition}.`;
    case "try":
      return "What follows a failure is code.";
    case "race":
      return "A race has one winner, and a job graph waits for all.";
    case "procedure":
      return `The call stands in ${node.name}, and a job graph has no functions.`;
    case "step":
      return "this.step runs code of the flow.";
    case "sleep":
    case "wait":
      return `A job graph has nothing that ${node.kind}s.`;
    case "background":
      return "What runs in the background is waited for by nobody, and a job graph waits for all.";
    case "dynamic":
      return `What is called is known when the flow runs: ${node.reason}.`;
  }
}

function spanOf(node: ts.Node, source: ts.SourceFile): Span {
  return spanBetween(source, node.getStart(source), node.getEnd(), source.fileName);
}

function overlap(a: Span, b: Span): boolean {
  const before = (one: Span, other: Span): boolean =>
    one.endLine < other.line || (one.endLine === other.line && one.endColumn <= other.column);
  return !before(a, b) && !before(b, a);
}
