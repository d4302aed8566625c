/** The graph of a sub-flow as a part of its caller's: its nodes stand inside the node that calls it, under names of their own. */
import type { FlowGraph, GraphEdge, GraphNode } from "./flow-graph.js";

/** Puts a graph into a node: `Fetch` becomes `Report/Fetch`. */
export function nestGraph({ nodes, edges }: FlowGraph, holder: string): Pick<FlowGraph, "nodes" | "edges"> {
  const name = (id: string): string => `${holder}/${id}`;
  return {
    nodes: nodes.map((node) => ({
      ...renamed(node, name),
      parent: node.parent === undefined ? holder : name(node.parent),
    })),
    edges: edges.map((edge) => ({ ...edge, from: name(edge.from), to: name(edge.to), ...groupOf(edge, name) })),
  };
}

function renamed(node: GraphNode, name: (id: string) => string): GraphNode {
  const id = name(node.id);
  if (node.kind === "procedure" && node.merged) return { ...node, id, merged: node.merged.map(name) };
  if (node.kind !== "loop") return { ...node, id };
  return {
    ...node,
    id,
    carries: node.carries.map(({ from, to, param }) => ({ from: name(from), to: name(to), param })),
  };
}

function groupOf(edge: GraphEdge, name: (id: string) => string): { readonly group?: string } {
  return edge.kind === "control" || edge.group === undefined ? {} : { group: name(edge.group) };
}
