/** Collects what the page of a job graph or rule set tells about each node: what its document has, and what arrives and leaves in its picture. */
import type { Arrow, Box, Drawing, JobGraph, JobNode, RuleSet } from "@millrace/core";
import type { Details, NeighbourDetails, PageData } from "./page-data.js";
import { plainText } from "./plain-text.js";

type Fact = Details["facts"][number];

/** Details of a job graph, and of all nodes of it and of graphs inside. Elements are named as in the picture. */
export function describeJobGraph(name: string, graph: JobGraph, drawing: Drawing): PageData {
  const { nodes, edges: _, name: __, version: ___, ...rest } = graph;
  return describe({ name, kind: "job graph", facts: factsOf(rest), documents: nodes.flatMap(withInner), drawing });
}

/** The same of a rule set. */
export function describeRules(name: string, { rules, limits, unmatched, window }: RuleSet, drawing: Drawing): PageData {
  const documents = rules.map(({ name: _, ...rest }) => rest);
  return describe({ name, kind: "rules", facts: factsOf({ unmatched, window, limits }), documents, drawing });
}

interface Described {
  readonly name: string;
  readonly kind: string;
  readonly facts: readonly Fact[];
  /** In the order of the elements `n0`, `n1`, … */
  readonly documents: readonly object[];
  readonly drawing: Drawing;
}

function describe({ name, kind, facts, documents, drawing: { boxes, arrows } }: Described): PageData {
  const all = boxes.flatMap(withContent);
  const ids = new Map(all.map((box) => [box.name, box.id]));
  const neighbour = (element: string, arrow: Arrow): NeighbourDetails => ({
    element,
    text: `${ids.get(element) ?? element}: ${arrow.labels.join(", ") || "comes before"}`,
  });
  return {
    flow: { element: "flow", title: name, kind, facts, params: [], incoming: [], outgoing: [] },
    nodes: all.map((box) => ({
      element: box.name,
      title: box.id,
      kind: box.kind,
      facts: [
        ...box.title.slice(1).map((line): Fact => ["is", line]),
        ...factsOf(documents[Number(/^n(\d+)$/.exec(box.name)?.[1])] ?? {}),
      ],
      params: [],
      incoming: arrows.filter(({ to }) => to === box.name).map((arrow) => neighbour(arrow.from, arrow)),
      outgoing: arrows.filter(({ from }) => from === box.name).map((arrow) => neighbour(arrow.to, arrow)),
    })),
  };
}

type NodeBox = Exclude<Box, { readonly type: "arm" }>;

/** Jobs have no arms. */
function withContent(box: Box): readonly NodeBox[] {
  if (box.type === "arm") return box.content.flatMap(withContent);
  return box.type === "leaf" ? [box] : [box, ...box.content.flatMap(withContent)];
}

/** A graph inside is told by its nodes. */
function withInner({ id: _, run, ...rest }: JobNode): readonly object[] {
  return "graph" in run ? [rest, ...run.graph.nodes.flatMap(withInner)] : [{ run, ...rest }];
}

function factsOf(document: object): readonly Fact[] {
  return Object.entries(document).flatMap(([name, value]): readonly Fact[] =>
    value === undefined ? [] : [[name, plainText(value)]],
  );
}
