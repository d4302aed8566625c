/**
 * The graph that a run has realised: of the static one, what was called. Arms not taken are gone, maps say how many items
 * called something and loops how many turns, the steps of sub-flows stand inside them, and where the build could not know
 * what is called, stands what was.
 */
import { appendTo } from "../collections/append-to.js";
import type { StepKey } from "../identity/brands.js";
import { encodeSegment } from "../identity/segment.js";
import { outermostStep, parseKey, siteOf } from "../identity/step-key.js";
import { countTurns } from "./count-turns.js";
import type { FlowGraph, GraphEdge, GraphNode } from "./flow-graph.js";
import { nestGraph } from "./nest-graph.js";
import { MAX_TEXT, shorten } from "./render-text.js";

/** A step of the run, as far as it counts here. */
export interface RealisedStep {
  readonly key: StepKey;
  /** Node id, in the graph of the flow that called it. */
  readonly node: string;
  /** Task or flow id, or the name of a local step. */
  readonly task: string;
}

/** The flows of the run's build, by id. */
export type RealisedFlows = Readonly<Record<string, { readonly graph: FlowGraph }>>;

/** The graph of a run's flow as its steps have realised it. */
export function realiseGraph(graph: FlowGraph, steps: readonly RealisedStep[], flows: RealisedFlows): FlowGraph {
  const inside = new Map<StepKey, RealisedStep[]>();
  for (const step of steps) {
    const outer = outermostStep(step.key);
    if (outer !== step.key) appendTo(inside, outer, step);
  }
  const recorded = steps.filter(({ key }) => outermostStep(key) === key);
  const own = [...recorded, ...unrecorded(graph, recorded, [...inside.keys()])];
  const byNode = new Map<string, RealisedStep[]>();
  for (const step of own) appendTo(byNode, step.node, step);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const kept = new Set<string>();
  for (const id of byNode.keys()) {
    for (let at = byId.get(id); at; at = at.parent === undefined ? undefined : byId.get(at.parent)) kept.add(at.id);
  }
  const items = itemsOfMaps(own);
  const turns = countTurns(graph, new Map([...byNode].map(([id, { length }]) => [id, length])));
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to));
  for (const node of graph.nodes) {
    if (!kept.has(node.id)) continue;
    const called = byNode.get(node.id) ?? [];
    const filled = withCount(filledIn(node, new Set(called.map(({ task }) => task)), flows), items, turns);
    nodes.push(filled);
    const body = filled.kind === "subflow" && Object.hasOwn(flows, filled.flow) ? flows[filled.flow] : undefined;
    if (!body) continue;
    const inner = called.flatMap(({ key }) =>
      (inside.get(key) ?? []).map((step) => ({ ...step, key: within(key, step.key) })),
    );
    const nested = nestGraph(realiseGraph(body.graph, inner, flows), node.id);
    nodes.push(...nested.nodes);
    edges.push(...nested.edges);
  }
  const strangers = own.filter(({ node }, at) => !byId.has(node) && isFirst(own, at));
  return { graphVersion: graph.graphVersion, nodes: [...nodes, ...strangers.map(unforeseen)], edges };
}

/** The key of a sub-flow's step as its own body has it: the sub-flow's key stands for the flow, so that none is taken for another's. */
function within(subflow: StepKey, key: StepKey): StepKey {
  return `${encodeSegment(subflow)}${key.slice(subflow.length)}` as StepKey;
}

/** Sub-flows that have no record, since they have not settled: known by their steps, if only one node has their site. */
function unrecorded(
  graph: FlowGraph,
  recorded: readonly RealisedStep[],
  holders: readonly StepKey[],
): readonly RealisedStep[] {
  const known = new Set(recorded.map(({ key }) => key));
  return holders.flatMap((key) => {
    if (known.has(key)) return [];
    const [node, ...others] = graph.nodes.filter((each) => each.kind === "subflow" && each.site === siteOf(key));
    return node?.kind === "subflow" && others.length === 0 ? [{ key, node: node.id, task: node.flow }] : [];
  });
}

function isFirst(steps: readonly RealisedStep[], at: number): boolean {
  return steps.findIndex(({ node }) => node === steps[at]?.node) === at;
}

/** Items that called something, by site of the map. */
function itemsOfMaps(steps: readonly RealisedStep[]): ReadonlyMap<string, number> {
  const items = new Map<string, Set<string>>();
  for (const { key } of steps) {
    const parts = parseKey(key) ?? [];
    for (const [at, part] of parts.entries()) {
      if (part.kind !== "item") continue;
      const site = parts[at - 1]?.text ?? "";
      const path = JSON.stringify(parts.slice(0, at + 1));
      items.set(site, (items.get(site) ?? new Set()).add(path));
    }
  }
  return new Map([...items].map(([site, paths]) => [site, paths.size]));
}

/** Says how often a map or loop has run, where that is known. */
function withCount(node: GraphNode, items: ReadonlyMap<string, number>, turns: ReadonlyMap<string, number>): GraphNode {
  if (node.kind !== "map" && node.kind !== "loop") return node;
  // Callbacks have keys for their items; turns of statements and of recursion do not.
  const ofItems = node.site === undefined ? undefined : items.get(node.site);
  const count = ofItems ?? turns.get(node.id);
  if (count === undefined) return node;
  const unit = ofItems === undefined ? "turn" : "item";
  const note = `: ${count} ${unit}${count === 1 ? "" : "s"}`;
  const noted = (text: string): string => `${shorten(text, MAX_TEXT - note.length)}${note}`;
  return node.kind === "map" ? { ...node, over: noted(node.over) } : { ...node, text: noted(node.text) };
}

function filledIn(node: GraphNode, tasks: ReadonlySet<string>, flows: RealisedFlows): GraphNode {
  const [task, ...others] = tasks;
  if (node.kind !== "dynamic" || task === undefined || node.site === undefined) return node;
  if (others.length > 0) {
    const { open: _, ...known } = node;
    return { ...known, candidates: [task, ...others].sort() };
  }
  const { id, site, frames = [], span, parent, arm } = node;
  const place = { ...(parent === undefined ? {} : { parent }), ...(arm === undefined ? {} : { arm }) };
  const called = Object.hasOwn(flows, task)
    ? { kind: "subflow" as const, flow: task }
    : { kind: "call" as const, task };
  return { id, ...called, site, frames, span, ...place };
}

/** A call that the graph does not know at all. */
function unforeseen({ key, node, task }: RealisedStep): GraphNode {
  const site = siteOf(key);
  const span = { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 };
  const known = site === undefined ? {} : { site };
  return { id: node, kind: "dynamic", reason: "the build did not know this call", candidates: [task], span, ...known };
}
