/** The longest path that lies ahead of each node of a flow's graph, by what its leaves take. Pure; one pass from the last node to the first. */
import { appendTo } from "../collections/append-to.js";
import type { GraphNode } from "./flow-graph.js";
import type { GraphIndex } from "./index-graph.js";

/**
 * For each node, its own time and that of the longest chain of nodes behind it, by id. Turns of loops and items of maps count once, and
 * edges that lead back count nothing.
 * @param own What a leaf takes by itself, in any unit; asked once for each.
 */
export function remainingPaths(index: GraphIndex, own: (leaf: GraphNode) => number): ReadonlyMap<string, number> {
  const { nodes, edges } = index.graph;
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) appendTo(targets, from, to);
  const paths = new Map<string, number>();
  const behind = new Map<string, number>();
  /** What follows when a node is over. Nodes stand in pre-order: what comes after a container is known before what is in it. */
  const after = (node: GraphNode): number => {
    const known = behind.get(node.id);
    if (known !== undefined) return known;
    const parent = node.parent === undefined ? undefined : index.node(node.parent);
    let most = parent ? after(parent) : 0;
    for (const to of targets.get(node.id) ?? []) {
      const isInside = index.ancestors(to).some(({ id }) => id === node.id);
      if (!isInside) most = Math.max(most, paths.get(to) ?? 0);
    }
    behind.set(node.id, most);
    return most;
  };
  for (const node of [...nodes].reverse()) {
    const inside = index.children(node.id);
    const path =
      inside.length === 0
        ? own(node) + after(node)
        : Math.max(after(node), ...inside.map((child) => paths.get(child.id) ?? 0));
    paths.set(node.id, path);
  }
  return paths;
}
