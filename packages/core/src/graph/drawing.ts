/**
 * What every drawing of a flow graph shows, before any syntax: boxes nested as in the source, a box for each arm, and
 * one arrow for each pair of nodes. Edges are drawn between leaves, so that a parameter is seen where it is used.
 */
import type { DataEdge, FlowGraph, GraphNode } from "./flow-graph.js";
import { CONTAINER_KINDS } from "./flow-graph.js";
import { type GraphIndex, indexGraph } from "./index-graph.js";
import { liftEdges } from "./lift.js";
import { labelOf, titleOf } from "./render-text.js";

/** A node, a container with its content, or an arm of a container. */
export type Box =
  | { readonly type: "leaf"; readonly name: string; readonly node: GraphNode; readonly title: readonly string[] }
  | {
      readonly type: "container";
      readonly name: string;
      readonly node: GraphNode;
      readonly title: readonly string[];
      readonly content: readonly Box[];
    }
  | {
      readonly type: "arm";
      readonly name: string;
      readonly title: readonly string[];
      readonly content: readonly Box[];
    };

/** One arrow. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** One line for each parameter. */
  readonly labels: readonly string[];
  /** True if the value arrives on some paths only. */
  readonly may: boolean;
  /** True if nothing flows: the source only stands before the target, and is drawn as such. */
  readonly sequence: boolean;
}

/** A drawing without syntax. */
export interface Drawing {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** True if some arrows say nothing but the order of the source: the legend explains them. */
  readonly hints: boolean;
}

/** Lays a graph out as boxes and arrows. Names are `n0`, `n1`, … in order of the nodes. */
export function drawGraph(graph: FlowGraph): Drawing {
  const index = indexGraph(graph);
  const names = new Map(graph.nodes.map((node, i) => [node.id, `n${i}`]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const data = arrowsOf(graph, nameOf);
  const hints = sequenceHints(graph, index, nameOf);
  return { boxes: boxesIn(index, undefined, nameOf), arrows: [...data, ...hints], hints: hints.length > 0 };
}

function boxesIn(index: GraphIndex, container: string | undefined, nameOf: (id: string) => string): readonly Box[] {
  const boxes: Box[] = [];
  const arms = new Map<string, Box[]>();
  for (const node of index.children(container)) {
    const place = { name: nameOf(node.id), node, title: titleOf(node) };
    const box: Box = CONTAINER_KINDS.has(node.kind)
      ? { type: "container", ...place, content: boxesIn(index, node.id, nameOf) }
      : { type: "leaf", ...place };
    if (node.arm === undefined) boxes.push(box);
    else {
      const known = arms.get(node.arm);
      if (known) known.push(box);
      else {
        const content: Box[] = [box];
        arms.set(node.arm, content);
        boxes.push({ type: "arm", name: `${nameOf(container ?? "")}_${arms.size}`, title: [node.arm], content });
      }
    }
  }
  return boxes;
}

function arrowsOf(graph: FlowGraph, nameOf: (id: string) => string): readonly Arrow[] {
  const pairs = new Map<string, DataEdge[]>();
  for (const edge of graph.edges) {
    if (edge.kind !== "data") continue;
    const key = JSON.stringify([edge.from, edge.to]);
    pairs.set(key, [...(pairs.get(key) ?? []), edge]);
  }
  return [...pairs.values()].map((edges) => ({
    from: nameOf(edges[0]?.from ?? ""),
    to: nameOf(edges[0]?.to ?? ""),
    labels: labelsOf(edges),
    may: edges.every((edge) => edge.certainty === "may"),
    sequence: false,
  }));
}

/** One label a parameter: that a source also chooses the value is worth a word only where nothing of it arrives. */
function labelsOf(edges: readonly DataEdge[]): readonly string[] {
  const labels = edges
    .filter((edge) => edge.via === "value" || !edges.some((e) => e.via === "value" && e.param === edge.param))
    .map(labelOf);
  return [...new Set(labels)];
}

/**
 * Statements that hold steps and get no value from the statements before them would float about: each is tied to what
 * stands before it. These ties are no edges of the graph. Single steps get none: those of a `Promise.all` have no order.
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
        const [from, to] = [nameOf(lastLeaf(index, before).id), nameOf(firstLeaf(index, node).id)];
        hints.push({ from, to, labels: [], may: false, sequence: true });
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

function firstLeaf(index: GraphIndex, node: GraphNode): GraphNode {
  const [first] = index.children(node.id);
  return first ? firstLeaf(index, first) : node;
}

function lastLeaf(index: GraphIndex, node: GraphNode): GraphNode {
  const last = index.children(node.id).at(-1);
  return last ? lastLeaf(index, last) : node;
}
