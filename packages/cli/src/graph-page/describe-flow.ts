/** Collects what the page of a graph tells about each node: from the graph, and from the declaration that it calls. */
import type { DeclarationEntry, FlowEntry, GraphEdge, GraphNode, Manifest, ParamEntry, Span } from "@millrace/core";
import { needOf } from "../flags/parameter-help.js";
import type { Details, NeighbourDetails, PageData, ParameterDetails } from "./page-data.js";
import { plainText } from "./plain-text.js";

type Fact = Details["facts"][number];

/** Details of a flow and of all its nodes. Elements are named as in the picture: `n0`, `n1`, … in order of the graph. */
export function describeFlow(flow: FlowEntry, manifest: Pick<Manifest, "tasks" | "flows">): PageData {
  const elements = new Map(flow.graph.nodes.map((node, i) => [node.id, `n${i}`]));
  const neighbour = (id: string, edge: GraphEdge): NeighbourDetails => ({
    element: elements.get(id) ?? "",
    text: `${id}: ${edgeText(edge)}`,
  });
  return {
    flow: {
      element: "flow",
      title: flow.id,
      kind: "flow",
      ...declarationDetails(flow),
      facts: [["result", flow.result.text], ...declarationFacts(flow)],
      incoming: [],
      outgoing: [],
    },
    nodes: flow.graph.nodes.map((node) => {
      const declaration = declarationOf(node, manifest);
      return {
        element: elements.get(node.id) ?? "",
        title: node.id,
        kind: node.kind,
        ...(declaration ? declarationDetails(declaration) : { params: [] }),
        facts: [...nodeFacts(node), ...(declaration ? declarationFacts(declaration) : []), ...placeFacts(node)],
        incoming: flow.graph.edges.filter((edge) => edge.to === node.id).map((edge) => neighbour(edge.from, edge)),
        outgoing: flow.graph.edges.filter((edge) => edge.from === node.id).map((edge) => neighbour(edge.to, edge)),
      };
    }),
  };
}

function declarationOf(
  node: GraphNode,
  { tasks, flows }: Pick<Manifest, "tasks" | "flows">,
): DeclarationEntry | undefined {
  if (node.kind === "call") return Object.hasOwn(tasks, node.task) ? tasks[node.task] : undefined;
  if (node.kind === "subflow") return Object.hasOwn(flows, node.flow) ? flows[node.flow] : undefined;
  return undefined;
}

function declarationDetails({ doc, params }: DeclarationEntry): Pick<Details, "doc" | "params"> {
  return { ...(doc === undefined ? {} : { doc }), params: params.map(parameterDetails) };
}

function parameterDetails(entry: ParamEntry): ParameterDetails {
  const { name, text, doc } = entry;
  return { name, type: text, need: needOf(entry), ...(doc === undefined ? {} : { doc }) };
}

function declarationFacts(declaration: DeclarationEntry): readonly Fact[] {
  const { span, options } = declaration;
  const set = Object.entries(options).map(([name, value]): Fact => [name, plainText(value)]);
  return [...set, ["declared at", placeText(span)]];
}

function nodeFacts(node: GraphNode): readonly Fact[] {
  switch (node.kind) {
    case "call":
      return [["task", node.task]];
    case "subflow":
      return [["flow", node.flow]];
    case "map":
      return [
        ["over", node.over],
        ["mode", node.mode.type === "bounded" ? `at most ${node.mode.limit ?? "some"} at a time` : node.mode.type],
        ["restored whole", node.closed === true ? "yes" : `no: ${node.closed.reason}`],
      ];
    case "loop":
      return [
        ["loop", node.text],
        ...node.carries.map(({ from, to, param }): Fact => ["to a later turn", `${from} → ${to}: ${param}`]),
      ];
    case "branch":
      return [["condition", node.condition]];
    case "procedure":
      return [["helper", node.name]];
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return node.name === undefined ? [] : [["name", node.name]];
    case "dynamic":
      return [
        ["not known because", node.reason],
        ["may be", [...node.candidates, ...(node.open ? ["others"] : [])].join(", ") || "anything"],
      ];
    case "try":
    case "race":
      return [];
  }
}

function placeFacts(node: GraphNode): readonly Fact[] {
  const site = "site" in node && node.site !== undefined ? [["site", node.site] as const] : [];
  const frames = "frames" in node && node.frames?.length ? [["frames", node.frames.join(" > ")] as const] : [];
  const arm = node.arm === undefined ? [] : [["arm", node.arm] as const];
  const parent = node.parent === undefined ? [] : [["inside", node.parent] as const];
  const loses = node.abandoned ? [["race", "aborted if it loses"] as const] : [];
  return [...parent, ...arm, ...loses, ["in the source at", placeText(node.span)], ...site, ...frames];
}

/** What an edge says, with every mark that it has. */
function edgeText(edge: GraphEdge): string {
  if (edge.kind === "control")
    return `decides${edge.via ? `, by ${edge.via}` : ""}${edge.port === "error" ? ", on error" : ""}`;
  if (edge.kind === "order") return edge.on === "settled" ? "comes after it settled" : "comes after it succeeded";
  const marks = [
    ...(edge.path === undefined ? [] : [`its ${edge.path}`]),
    ...(edge.port === "error" ? ["the error"] : []),
    ...(edge.derivation === "derived" ? ["computed"] : []),
    ...(edge.certainty === "may" ? ["on some paths"] : []),
    ...(edge.via === "choice" ? ["only chooses"] : []),
    ...(edge.gather === undefined ? [] : [`gathers ${edge.gather}`]),
    ...(edge.entry === undefined ? [] : [edge.entry === "spread" ? "an item for each turn" : "the same for each turn"]),
  ];
  return [edge.param || "all parameters", ...marks].join(", ");
}

function placeText({ file, line }: Span): string {
  return `${file}:${line}`;
}
