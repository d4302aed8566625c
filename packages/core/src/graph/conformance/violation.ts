/** A call that does not conform to its flow's graph, and the words for it. */
import type { GraphEdge, GraphNode } from "../flow-graph.js";
import { labelOf } from "../render-text.js";

/** One violation. */
export type Violation =
  /** The edge's source has not been issued although it comes before the call on every path. */
  | { readonly kind: "absent"; readonly node: GraphNode; readonly edge: GraphEdge }
  /** The edge's source has not settled, or not as the edge says. */
  | { readonly kind: "unsettled"; readonly node: GraphNode; readonly edge: GraphEdge }
  /** The call is issued after the target of its edge. */
  | { readonly kind: "late"; readonly node: GraphNode; readonly edge: GraphEdge }
  /** The call is issued because another settled, and no way leads from that one to it. */
  | { readonly kind: "wayless"; readonly node: GraphNode; readonly cause: GraphNode }
  /** The call is given an object that another call has brought, and no data edge leads from that one to the parameter. */
  | { readonly kind: "untold"; readonly node: GraphNode; readonly source: GraphNode; readonly param: string }
  /** In another run these gave other values and the call was given another one, and no data edge leads to the parameter. */
  | {
      readonly kind: "swayed";
      readonly node: GraphNode;
      readonly sources: readonly GraphNode[];
      readonly param: string;
    }
  /** In another run these gave other values and the call did not come, and no control edge says that they decide. */
  | { readonly kind: "undecided"; readonly node: GraphNode; readonly sources: readonly GraphNode[] };

/** One sentence, without the flow's name and its full stop. */
export function violationText(violation: Violation): string {
  const { node } = violation;
  const { file, line, column } = node.span;
  const at = `${node.id} (${"site" in node ? node.site : "no site"}, ${file}:${line}:${column})`;
  switch (violation.kind) {
    case "absent":
      return `${at} was called before ${violation.edge.from}, against the edge ${edgeText(violation.edge)}`;
    case "unsettled":
      return `${at} was called before ${violation.edge.from} had ${outcomeOf(violation.edge)}, against the edge ${edgeText(violation.edge)}`;
    case "late":
      return `${at} was called after ${violation.edge.to}, against the edge ${edgeText(violation.edge)}`;
    case "wayless":
      return `${at} was called because ${violation.cause.id} had settled, and no edge leads there from ${violation.cause.id}`;
    case "untold":
      return `${at} was given a value of ${violation.source.id} as ${violation.param}, and no data edge leads there from ${violation.source.id}`;
    case "swayed":
      return `${at} was given another ${violation.param} than in a run that differed by ${namesOf(violation.sources)}, and no data edge leads there`;
    case "undecided":
      return `${at} was called, and not in a run that differed by ${namesOf(violation.sources)}, and no control edge says so`;
  }
}

function namesOf(nodes: readonly GraphNode[]): string {
  return nodes.map(({ id }) => id).join(", ");
}

function edgeText(edge: GraphEdge): string {
  const label = edge.kind === "data" ? ` (${labelOf(edge)})` : "";
  return `${edge.from} -> ${edge.to} of kind ${edge.kind}${label}`;
}

function outcomeOf(edge: GraphEdge): string {
  if (edge.kind === "order") return edge.on === "success" ? "succeeded" : "settled";
  return edge.port === "error" ? "failed" : "given its result";
}
