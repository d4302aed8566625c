/** The order of a job graph: who waits for whom, by the place of each node in the list. O(nodes + edges). */
import type { FailurePolicy, JobEdge, JobNode } from "./job-graph.js";

/** An edge as one of its ends sees it. */
export interface JobArc {
  /** Index of the node at the other end. */
  readonly node: number;
  readonly policy: FailurePolicy;
}

/** A graph by the indices of its nodes. */
export interface GraphOrder {
  /** Node id → index. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** For each node those that it waits for, each once, in the order of the edges. */
  readonly before: readonly (readonly JobArc[])[];
  /** For each node those that wait for it. */
  readonly after: readonly (readonly JobArc[])[];
  /** Indices in an order in which nothing comes before what it waits for; what stands in a cycle or behind one is missing. */
  readonly order: readonly number[];
}

/** Puts a graph in order. Edges name nodes of the list. Of several edges between two nodes the last one holds. */
export function orderGraph(
  nodes: readonly Pick<JobNode, "id">[],
  edges: readonly JobEdge[],
  policy: FailurePolicy,
): GraphOrder {
  const indexOf = new Map(nodes.map(({ id }, i) => [id, i]));
  const arcs: Map<number, FailurePolicy>[] = nodes.map(() => new Map());
  for (const edge of edges) {
    const [from, to] = [indexOf.get(edge.from), indexOf.get(edge.to)];
    if (from !== undefined && to !== undefined) arcs[to]?.set(from, edge.policy ?? policy);
  }
  const after: JobArc[][] = nodes.map(() => []);
  const before = arcs.map((sources, to) =>
    [...sources].map(([node, of]): JobArc => {
      after[node]?.push({ node: to, policy: of });
      return { node, policy: of };
    }),
  );
  return { indexOf, before, after, order: topological(before, after) };
}

/** Kahn's algorithm: by counts of what is still waited for. */
function topological(before: GraphOrder["before"], after: GraphOrder["after"]): readonly number[] {
  const left = before.map((arcs) => arcs.length);
  const order = left.flatMap((count, i) => (count === 0 ? [i] : []));
  for (let next = 0; next < order.length; next++) {
    for (const { node } of after[order[next] as number] ?? []) {
      left[node] = (left[node] as number) - 1;
      if (left[node] === 0) order.push(node);
    }
  }
  return order;
}

/** One cycle, each node waiting for the one behind it, the first one again at the end; undefined if there is none. */
export function cycleIn({ before, order }: GraphOrder): readonly number[] | undefined {
  const free = new Set(order);
  const start = before.findIndex((_, i) => !free.has(i));
  if (start < 0) return undefined;
  const way: number[] = [];
  const seen = new Map<number, number>();
  for (let at = start; ; ) {
    const met = seen.get(at);
    if (met !== undefined) return [...way.slice(met), at];
    seen.set(at, way.length);
    way.push(at);
    // What is not free waits for something that is not free either.
    at = before[at]?.find(({ node }) => !free.has(node))?.node ?? start;
  }
}

/** Nodes and all that arcs lead to from them: with `before` what they wait for, with `after` what waits for them. */
export function reachedBy(arcs: readonly (readonly JobArc[])[], starts: Iterable<number>): ReadonlySet<number> {
  const reached = new Set(starts);
  // A set goes on over what is added to it.
  for (const at of reached) for (const { node } of arcs[at] ?? []) reached.add(node);
  return reached;
}
