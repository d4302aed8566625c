/**
 * The graph that a run has realised: of the static one, what was called. Arms not taken are gone, maps say how many items
 * called something, and where the build could not know what is called, stands what was.
 */
import type { StepKey } from "../identity/brands.js";
import { parseKey, siteOf } from "../identity/step-key.js";
import type { FlowGraph, GraphNode } from "./flow-graph.js";

/** A step of the run, as far as it counts here. */
export interface RealisedStep {
  readonly key: StepKey;
  /** Node id. */
  readonly node: string;
  /** Task or flow id, or the name of a local step. */
  readonly task: string;
}

/** Leaves out what was not called by the run's own body. Steps inside sub-flows belong to those flows' graphs. */
export function realiseGraph(graph: FlowGraph, steps: readonly RealisedStep[]): FlowGraph {
  const own = steps.filter(({ key }) => isOwn(key));
  const called = new Map<string, Set<string>>();
  for (const { node, task } of own) called.set(node, (called.get(node) ?? new Set()).add(task));
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const kept = new Set<string>();
  for (const id of called.keys()) {
    for (let at = byId.get(id); at; at = at.parent === undefined ? undefined : byId.get(at.parent)) kept.add(at.id);
  }
  const items = itemsOfMaps(own);
  const nodes = graph.nodes.flatMap((node) => {
    if (!kept.has(node.id)) return [];
    return [filledIn(node, called.get(node.id) ?? new Set(), items)];
  });
  return {
    graphVersion: graph.graphVersion,
    nodes: [...nodes, ...own.filter(({ node }, at) => !byId.has(node) && isFirst(own, at)).map(unforeseen)],
    edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}

/** The step of the run's own body: no step, only maps, stand around it. */
function isOwn(key: StepKey): boolean {
  const parts = parseKey(key) ?? [];
  return parts.filter(({ kind }, at) => kind === "site" && parts[at + 1]?.kind !== "item").length === 1;
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

function filledIn(node: GraphNode, tasks: ReadonlySet<string>, items: ReadonlyMap<string, number>): GraphNode {
  if (node.kind === "map" && node.site !== undefined) {
    const count = items.get(node.site) ?? 0;
    return { ...node, over: `${node.over}: ${count} ${count === 1 ? "item" : "items"}` };
  }
  const [task, ...others] = tasks;
  if (node.kind !== "dynamic" || task === undefined || node.site === undefined) return node;
  if (others.length > 0) {
    const { open: _, ...known } = node;
    return { ...known, candidates: [task, ...others].sort() };
  }
  const { id, site, frames = [], span, parent, arm } = node;
  const place = { ...(parent === undefined ? {} : { parent }), ...(arm === undefined ? {} : { arm }) };
  return { id, kind: "call", task, site, frames, span, ...place };
}

/** A call that the graph does not know at all. */
function unforeseen({ key, node, task }: RealisedStep): GraphNode {
  const site = siteOf(key);
  const span = { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 };
  const known = site === undefined ? {} : { site };
  return { id: node, kind: "dynamic", reason: "the build did not know this call", candidates: [task], span, ...known };
}
