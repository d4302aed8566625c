/** Turns drafts into the document: nodes and their ids, then the three kinds of edges. */
import {
  bug,
  type ControlEdge,
  type FlowGraph,
  findCycle,
  GRAPH_VERSION,
  type GraphEdge,
  type OrderEdge,
} from "@millrace/core";
import type { DraftGraph } from "../draft-graph.js";
import { compareText } from "./compare-text.js";
import { controlEdges, type DraftControl } from "./control-edges.js";
import { dataEdges } from "./data-edges.js";
import { NodeTree } from "./node-tree.js";
import { type DraftOrder, orderEdges } from "./order-edges.js";
import { reduceEdges } from "./reduce-edges.js";
import { toNode } from "./to-node.js";

/** The document of a walked flow. @throws MillraceError `internal-bug` if a lifted graph has a cycle. */
export function finishGraph(graph: DraftGraph): FlowGraph {
  const tree = new NodeTree(graph.drafts);
  const { controls, orders } = settleEdges(graph, tree);
  const edges = [
    ...dataEdges(graph.edges, tree),
    ...controls.map((edge) => toControl(edge, tree)),
    ...orders.map((edge) => toOrder(edge, tree)),
  ];
  const nodes = tree.drafts.map((draft) => toNode(draft, { tree, abandoned: graph.abandoned.has(draft) }));
  const document: FlowGraph = { graphVersion: GRAPH_VERSION, nodes, edges: edges.sort(compareEdges) };
  const cycle = findCycle(document);
  if (cycle) throw bug(`the lifted graph of ${cycle.container || "the flow"} has a cycle`, { ...cycle });
  return document;
}

/** Containers that wait for each other are merged until no circle is left. */
function settleEdges(
  graph: DraftGraph,
  tree: NodeTree,
): { readonly controls: readonly DraftControl[]; readonly orders: readonly DraftOrder[] } {
  const data = graph.edges.map(({ source, to }) => ({ from: source.node, to }));
  for (;;) {
    const controls = controlEdges(graph.decisions, graph.issues, tree);
    const reduced = reduceEdges({ data, controls, orders: orderEdges(graph.issues, tree) }, tree);
    if (!("circle" in reduced)) return reduced;
    tree.merge(reduced.circle);
  }
}

function toControl({ from, to, port, via, on }: DraftControl, tree: NodeTree): ControlEdge {
  const ends = { from: tree.idOf(from), to: tree.idOf(to) };
  return { ...ends, kind: "control", port, ...(via ? { via } : {}), ...(on ? { on } : {}) };
}

function toOrder({ from, to, on, certainty, group }: DraftOrder, tree: NodeTree): OrderEdge {
  const ends = { from: tree.idOf(from), to: tree.idOf(to) };
  return { ...ends, kind: "order", on, ...(certainty ? { certainty } : {}), ...(group ? { group } : {}) };
}

function compareEdges(a: GraphEdge, b: GraphEdge): number {
  const param = (edge: GraphEdge): string => (edge.kind === "data" ? edge.param : "");
  return (
    compareText(a.from, b.from) ||
    compareText(a.to, b.to) ||
    compareText(param(a), param(b)) ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}
