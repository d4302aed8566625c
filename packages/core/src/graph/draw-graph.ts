/**
 * The drawing of a flow graph: boxes nested as in the source, a box for each arm, and one arrow for each pair of nodes and
 * kind of edge. Data is drawn between leaves, so that a parameter is seen where it is used.
 */
import { groupBy } from "../collections/group-by.js";
import type { Arrow, Box, Drawing } from "./drawing.js";
import { CONTAINER_KINDS, type FlowGraph, type GraphEdge, type GraphNode } from "./flow-graph.js";
import { type GraphIndex, indexGraph } from "./index-graph.js";
import { liftEdges } from "./lift.js";
import { armTitle, labelOf, titleOf } from "./render-text.js";

/** Lays a graph out as boxes and arrows. Names are `n0`, `n1`, … in order of the nodes. */
export function drawGraph(graph: FlowGraph): Drawing {
  const index = indexGraph(graph);
  const names = new Map(graph.nodes.map((node, i) => [node.id, `n${i}`]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const arrows = [...arrowsOf(graph, nameOf), ...sequenceHints(graph, index, nameOf)];
  return { boxes: boxesIn(index, undefined, nameOf), arrows };
}

function boxesIn(index: GraphIndex, container: string | undefined, nameOf: (id: string) => string): readonly Box[] {
  const boxes: Box[] = [];
  const arms = new Map<string, Box[]>();
  for (const node of index.children(container)) {
    const { id, kind } = node;
    const place = { name: nameOf(id), id, kind, node, title: titleOf(node), marks: [] };
    // A sub-flow is one if its steps are known.
    const box: Box =
      CONTAINER_KINDS.has(kind) || index.children(id).length > 0
        ? { type: "container", ...place, content: boxesIn(index, id, nameOf) }
        : { type: "leaf", ...place };
    if (node.arm === undefined) boxes.push(box);
    else {
      const known = arms.get(node.arm);
      if (known) known.push(box);
      else {
        const content: Box[] = [box];
        arms.set(node.arm, content);
        boxes.push({
          type: "arm",
          name: `${nameOf(container ?? "")}_${arms.size}`,
          title: [armTitle(node.arm)],
          content,
        });
      }
    }
  }
  return boxes.length === 1 && arms.has("then") ? (arms.get("then") ?? []) : boxes;
}

function arrowsOf(graph: FlowGraph, nameOf: (id: string) => string): readonly Arrow[] {
  const pairs = groupBy(graph.edges, ({ from, to, kind }) => JSON.stringify([from, to, kind]));
  return [...pairs.values()].flatMap((edges) => {
    const [first] = edges;
    if (!first) return [];
    const data = edges.filter((edge) => edge.kind === "data");
    return {
      from: nameOf(first.from),
      to: nameOf(first.to),
      kind: first.kind,
      labels: labelsOf(edges),
      may: data.length > 0 && data.every((edge) => edge.certainty === "may"),
      derived: data.length > 0 && data.every((edge) => edge.derivation === "derived" || edge.via === "choice"),
      error: edges.every((edge) => edge.kind !== "order" && edge.port === "error"),
    };
  });
}

/** One label a parameter: that a source also chooses the value is worth a word only where nothing of it arrives. */
function labelsOf(edges: readonly GraphEdge[]): readonly string[] {
  const values = new Set(edges.flatMap((edge) => (edge.kind === "data" && edge.via === "value" ? [edge.param] : [])));
  const labels = edges
    .filter((edge) => edge.kind !== "data" || edge.via === "value" || !values.has(edge.param))
    .map(labelOf);
  return [...new Set(labels)].filter((label) => label !== "");
}

/**
 * Statements that hold steps and depend on no statement before them would float about: each is tied to what stands
 * before it. These ties are no edges of the graph. Single steps get none: those of a `Promise.all` have no order.
 */
function sequenceHints(graph: FlowGraph, index: GraphIndex, nameOf: (id: string) => string): readonly Arrow[] {
  const lifted = liftEdges(graph, index);
  const hints: Arrow[] = [];
  const visit = (container: string | undefined): void => {
    const fed = new Set((lifted.get(container ?? "") ?? []).map((edge) => edge.to));
    let before: GraphNode | undefined;
    for (const node of index.children(container)) {
      visit(node.id);
      if (before && before.arm === node.arm && isStatement(node) && !fed.has(node.id)) {
        const ends = { from: nameOf(before.id), to: nameOf(node.id) };
        hints.push({ ...ends, kind: "sequence", labels: [], may: false, derived: false, error: false });
      }
      before = node;
    }
  };
  visit(undefined);
  return hints;
}

function isStatement(node: GraphNode): boolean {
  if (node.kind === "map") return node.mode.type === "sequential";
  return node.kind === "loop" || node.kind === "branch" || node.kind === "try";
}
