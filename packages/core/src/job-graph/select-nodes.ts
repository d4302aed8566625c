/**
 * Parts of a job graph that are to run. What is left out counts as over: those that waited for it wait for what it waited for.
 * Nothing of it can be taken, though, as there is no result.
 */
import { MillraceError } from "../errors/millrace-error.js";
import { suggestName } from "../names/did-you-mean.js";
import { type GraphOrder, orderGraph, reachedBy } from "./graph-order.js";
import type { JobEdge, JobGraph } from "./job-graph.js";
import { sourcesOf } from "./job-reference.js";

/** Which nodes are to run, by id. Absent: all. */
export interface NodeSelection {
  /** Not these. */
  readonly skip?: readonly string[];
  /** These, and all that waits for them, also through others. */
  readonly from?: readonly string[];
  /** These, and all that they wait for, also through others. */
  readonly to?: readonly string[];
}

/**
 * The part of a graph that a selection leaves.
 * @throws MillraceError `unknown-node`; `job-graph-invalid` if nothing is left, or a node takes the result of one that is left out.
 */
export function selectNodes(graph: JobGraph, { skip = [], from, to }: NodeSelection): JobGraph {
  const order = orderOf(graph);
  const indices = (ids: readonly string[]): readonly number[] => ids.map((id) => indexIn(order, id));
  const left = new Set(graph.nodes.keys());
  const keepOnly = (kept: ReadonlySet<number>): void => {
    for (const node of left) if (!kept.has(node)) left.delete(node);
  };
  if (from) keepOnly(reachedBy(order.after, indices(from)));
  if (to) keepOnly(reachedBy(order.before, indices(to)));
  for (const node of indices(skip)) left.delete(node);
  return keepNodes(graph, new Set([...left].map((node) => graph.nodes[node]?.id ?? "")));
}

/**
 * A graph without all other nodes; edges lead past those that are left out.
 * @throws MillraceError `job-graph-invalid` if nothing is left, or a node takes the result of one that is left out.
 */
export function keepNodes(graph: JobGraph, ids: ReadonlySet<string>): JobGraph {
  const nodes = graph.nodes.filter(({ id }) => ids.has(id));
  if (nodes.length === 0) throw unrunnable("Nothing of the graph is left to run.", {});
  const known = new Set(graph.nodes.map(({ id }) => id));
  for (const node of nodes) {
    const missing = [...sourcesOf(node)].find((source) => known.has(source) && !ids.has(source));
    if (missing === undefined) continue;
    throw unrunnable(`${node.id} takes the result of ${missing}, which is left out.`, {
      node: node.id,
      source: missing,
    });
  }
  if (nodes.length === graph.nodes.length) return graph;
  return { ...graph, nodes, edges: edgesPast(graph, ids) };
}

/** What waits for kept nodes through others waits for them itself, by the policy of the last edge on the way. */
function edgesPast(graph: JobGraph, ids: ReadonlySet<string>): readonly JobEdge[] {
  const { before, indexOf } = orderOf(graph);
  const idOf = (node: number): string => graph.nodes[node]?.id ?? "";
  const made: JobEdge[] = [];
  for (const to of ids) {
    for (const { node, policy } of before[indexOf.get(to) ?? -1] ?? []) {
      if (ids.has(idOf(node))) continue;
      // A set goes on over what is added to it.
      const passed = new Set([node]);
      for (const at of passed) {
        for (const { node: further } of before[at] ?? []) {
          if (ids.has(idOf(further))) made.push({ from: idOf(further), to, policy });
          else passed.add(further);
        }
      }
    }
  }
  // Of several edges between two nodes the last one holds: those that stand in the graph.
  return [...made, ...graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to))];
}

function orderOf({ nodes, edges, policy = "skip-dependents" }: JobGraph): GraphOrder {
  return orderGraph(nodes, edges, policy);
}

function indexIn({ indexOf }: GraphOrder, id: string): number {
  const index = indexOf.get(id);
  if (index !== undefined) return index;
  const known = [...indexOf.keys()];
  throw new MillraceError("unknown-node", `The graph has no node "${id}".`, {
    hint: suggestName(id, known, `It has ${known.join(", ")}.`),
    data: { node: id, known },
  });
}

function unrunnable(message: string, data: Readonly<Record<string, string>>): MillraceError {
  return new MillraceError("job-graph-invalid", message, {
    hint: "Choose other nodes, or give it a value instead of the result.",
    data,
  });
}
