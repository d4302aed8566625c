/** A flow graph as text, one node or edge a line: the form in which fixtures say what they expect. */
import type { FlowGraph, GraphEdge, GraphNode } from "@millrace/core";

/** Nodes in order, then edges sorted as text. */
export function graphText(graph: FlowGraph): string {
  return [...graph.nodes.map(nodeLine), ...graph.edges.map(edgeLine).sort(), ""].join("\n");
}

function nodeLine(node: GraphNode): string {
  const place = node.parent === undefined ? [] : [`in=${node.parent}${node.arm === undefined ? "" : `/${node.arm}`}`];
  const sited = "site" in node && node.site !== undefined ? [`site=${node.site}`] : [];
  const frames = "frames" in node && node.frames?.length ? [`frames=${node.frames.join(" > ")}`] : [];
  const abandoned = node.abandoned ? ["abandoned"] : [];
  return ["node", node.id, node.kind, ...place, ...abandoned, ...detail(node), ...sited, ...frames].join(" ");
}

function detail(node: GraphNode): readonly string[] {
  switch (node.kind) {
    case "map": {
      const mode = node.mode.type === "bounded" ? `bounded(${node.mode.limit ?? "?"})` : node.mode.type;
      return [
        `over=${node.over}`,
        `mode=${mode}`,
        `closed=${node.closed === true ? "true" : `"${node.closed.reason}"`}`,
      ];
    }
    case "loop":
      return [
        `text="${node.text}"`,
        ...(node.recursion ? ["recursion"] : []),
        ...node.carries.map((c) => `carries=${c.from}->${c.to}.${c.param}`),
      ];
    case "branch":
      return [`condition=${node.condition}`];
    case "procedure":
      return [`name=${node.name}`];
    case "dynamic":
      return [`reason="${node.reason}"`, `candidates=${node.candidates.join(",")}`, ...(node.open ? ["open"] : [])];
    case "step":
      return node.name === undefined ? [] : [`name=${node.name}`];
    default:
      return [];
  }
}

function edgeLine(edge: GraphEdge): string {
  if (edge.kind === "control") {
    const details = [edge.port === "error" ? "port=error" : "", edge.via ?? "", edge.on ?? ""].filter(Boolean);
    return [`edge ${edge.from} -> ${edge.to} control`, ...details].join(" ");
  }
  if (edge.kind === "order") {
    const group = edge.group === undefined ? [] : [`group=${edge.group}`];
    return [`edge ${edge.from} -> ${edge.to} order ${edge.on}`, edge.certainty ?? "", ...group]
      .filter(Boolean)
      .join(" ");
  }
  return [
    `edge ${edge.from} -> ${edge.to}.${edge.param}`,
    ...(edge.port === "error" ? ["port=error"] : []),
    ...(edge.path === undefined ? [] : [`path=${edge.path}`]),
    edge.derivation,
    edge.certainty,
    edge.via,
    ...(edge.gather === undefined ? [] : [`gather=${edge.gather}`]),
    ...(edge.entry === undefined ? [] : [`entry=${edge.entry}`]),
    ...(edge.group === undefined ? [] : [`group=${edge.group}`]),
  ].join(" ");
}
