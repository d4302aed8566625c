/** What runs have shown of a graph, and how much of it that is. */
import { CONTAINER_KINDS, type FlowGraph } from "../flow-graph.js";

/** How many items a map had: none, one, several. */
export type MapSize = "0" | "1" | "n";

/** What some runs of a flow have shown. */
export interface GraphWitness {
  /** Ids of nodes that were issued. */
  readonly nodes: readonly string[];
  /** Positions in the graph's list of edges whose source had settled when their target was issued. */
  readonly edges: readonly number[];
  /** By id of a map. */
  readonly sizes: Readonly<Record<string, readonly MapSize[]>>;
}

/** So many of so many, and what is missing, in words. */
export interface Share {
  readonly shown: number;
  readonly total: number;
  readonly missing: readonly string[];
}

/** Parts of a graph that are counted. */
export const COVERAGE_PARTS = ["nodes", "edges", "arms", "sizes"] as const;

/** How much of a graph has been shown. */
export type GraphCoverage = Readonly<Record<(typeof COVERAGE_PARTS)[number], Share>>;

/** Joins what several runs have shown. */
export function joinWitnesses(a: GraphWitness, b: GraphWitness): GraphWitness {
  const maps = [...new Set([...Object.keys(a.sizes), ...Object.keys(b.sizes)])].sort();
  return {
    nodes: union(a.nodes, b.nodes),
    edges: union(a.edges, b.edges),
    sizes: Object.fromEntries(maps.map((id) => [id, union(own(a, id), own(b, id))])),
  };
}

/** Compares what was shown with the graph. An arm has been shown if some call in it has been issued. */
export function coverageOf(graph: FlowGraph, witness: GraphWitness): GraphCoverage {
  const issued = new Set(witness.nodes);
  const edges = new Set(witness.edges);
  const parents = new Map(graph.nodes.map((node) => [node.id, node]));
  const arms = new Map<string, boolean>();
  for (const leaf of graph.nodes.filter(({ kind }) => !CONTAINER_KINDS.has(kind))) {
    for (
      let at: typeof leaf | undefined = leaf;
      at;
      at = at.parent === undefined ? undefined : parents.get(at.parent)
    ) {
      if (at.arm === undefined) continue;
      const name = `${at.parent}/${at.arm}`;
      arms.set(name, arms.get(name) === true || issued.has(leaf.id));
    }
  }
  const steps = graph.nodes.filter(({ kind }) => !CONTAINER_KINDS.has(kind));
  const maps = graph.nodes.filter(({ kind }) => kind === "map");
  return {
    nodes: share(steps.map(({ id }) => [id, issued.has(id)])),
    edges: share(
      graph.edges.map((edge, at) => [
        `${edge.from} -> ${edge.to}${edge.kind === "data" ? `.${edge.param}` : ""} (${edge.kind})`,
        edges.has(at),
      ]),
    ),
    arms: share([...arms]),
    sizes: share(
      maps.flatMap(({ id }) =>
        (["0", "1", "n"] as const).map((size): [string, boolean] => [
          `${id} of ${size}`,
          own(witness, id).includes(size),
        ]),
      ),
    ),
  };
}

function share(all: readonly (readonly [string, boolean])[]): Share {
  const missing = all.filter(([, shown]) => !shown).map(([name]) => name);
  return { shown: all.length - missing.length, total: all.length, missing };
}

function own({ sizes }: GraphWitness, id: string): readonly MapSize[] {
  return (Object.hasOwn(sizes, id) && sizes[id]) || [];
}

function union<T extends string | number>(a: readonly T[], b: readonly T[]): readonly T[] {
  return [...new Set([...a, ...b])].sort();
}
