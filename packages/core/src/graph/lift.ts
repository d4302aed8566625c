/**
 * Lifted graphs: the children of one container with the edges between them, both ends replaced by their ancestors
 * directly under their lowest common container. Drawing, critical path and drivers use only these; each is acyclic.
 */
import { alg, Graph } from "@dagrejs/graphlib";
import type { FlowGraph, GraphEdge } from "./flow-graph.js";
import { type GraphIndex, indexGraph } from "./index-graph.js";

/** An edge between two children of one container. */
export interface LiftedEdge {
  /** Id of the child that holds, or is, the source. */
  readonly from: string;
  /** Id of the child that holds, or is, the target. */
  readonly to: string;
  /** The edges that it stands for. */
  readonly edges: readonly GraphEdge[];
}

/** Lifts all edges. The key is the container's id, `""` for the top. */
export function liftEdges(
  graph: FlowGraph,
  index: GraphIndex = indexGraph(graph),
): ReadonlyMap<string, readonly LiftedEdge[]> {
  const lifted = new Map<string, Map<string, { from: string; to: string; edges: GraphEdge[] }>>();
  for (const edge of graph.edges) {
    const place = lift(index, edge);
    if (!place) continue;
    const { container, from, to } = place;
    const edges = lifted.get(container) ?? new Map();
    lifted.set(container, edges);
    const key = JSON.stringify([from, to]);
    const known = edges.get(key);
    if (known) known.edges.push(edge);
    else edges.set(key, { from, to, edges: [edge] });
  }
  return new Map([...lifted].map(([container, edges]) => [container, [...edges.values()]]));
}

/** A cycle in some lifted graph; undefined if there is none, as there must be. */
export function findCycle(
  graph: FlowGraph,
): { readonly container: string; readonly cycle: readonly string[] } | undefined {
  for (const [container, edges] of liftEdges(graph)) {
    const lifted = new Graph({ directed: true });
    for (const { from, to } of edges) lifted.setEdge(from, to);
    const [cycle] = alg.findCycles(lifted);
    if (cycle) return { container, cycle };
  }
  return undefined;
}

function lift(index: GraphIndex, edge: GraphEdge): { container: string; from: string; to: string } | undefined {
  const froms = [edge.from, ...index.ancestors(edge.from).map((node) => node.id)];
  const tos = [edge.to, ...index.ancestors(edge.to).map((node) => node.id)];
  const shared = froms.find((id) => tos.includes(id));
  const below = (path: readonly string[]): string | undefined =>
    path[shared === undefined ? path.length - 1 : path.indexOf(shared) - 1];
  const from = below(froms);
  const to = below(tos);
  // Undefined ends: one of them holds the other, as a container that decides about its own child.
  return from === undefined || to === undefined || from === to ? undefined : { container: shared ?? "", from, to };
}
