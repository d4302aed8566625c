/** In which nodes two job graphs differ. Pure; for people who go on with a run whose definition has changed since. */
import { canonicalHash } from "../values/canonical-hash.js";
import type { JobGraph } from "./job-graph.js";

/** Ids of nodes, in the order of the graphs. */
export interface JobGraphDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** In both, with another run, parameters, options, or other nodes to wait for. */
  readonly changed: readonly string[];
}

/** From the first to the second; undefined if they have the same nodes and edges. */
export function compareJobGraphs(from: JobGraph, to: JobGraph): JobGraphDifference | undefined {
  const [before, after] = [formsOf(from), formsOf(to)];
  const added = [...after.keys()].filter((id) => !before.has(id));
  const removed = [...before.keys()].filter((id) => !after.has(id));
  const changed = [...after].flatMap(([id, form]) => (before.has(id) && before.get(id) !== form ? [id] : []));
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}

/** A hash of all that a graph says about a node, by id. */
function formsOf({ nodes, edges, policy }: JobGraph): ReadonlyMap<string, string> {
  const waits = new Map<string, string[]>();
  for (const edge of edges) {
    const of = waits.get(edge.to) ?? [];
    of.push(`${edge.from} ${edge.policy ?? policy ?? ""}`);
    waits.set(edge.to, of);
  }
  return new Map(nodes.map((node) => [node.id, canonicalHash({ node, waits: (waits.get(node.id) ?? []).sort() })]));
}
