/** Which steps depend on what another one gives: through data, conditions, and values that a loop carries to its next turns. */
import type { GraphNode } from "./flow-graph.js";
import type { GraphIndex } from "./index-graph.js";

/** A step that depends on another. */
export interface Influenced {
  readonly node: string;
  /** How many maps hold both: within these only the same item depends on it. */
  readonly sharedMaps: number;
}

/** Node id → what depends on it without a step in between. Order alone is no dependence. */
export function influences(index: GraphIndex): ReadonlyMap<string, readonly Influenced[]> {
  const found = new Map<string, Influenced[]>();
  const maps = (id: string): readonly string[] =>
    index
      .ancestors(id)
      .filter(hasItems)
      .map((node) => node.id);
  const add = (from: string, to: string): void => {
    const around = maps(from);
    const list = found.get(from) ?? [];
    for (const node of leavesOf(index, to)) {
      list.push({ node, sharedMaps: maps(node).filter((map) => around.includes(map)).length });
    }
    found.set(from, list);
  };
  for (const edge of index.graph.edges) {
    if (edge.kind === "order") continue;
    for (const from of leavesOf(index, edge.from)) add(from, edge.to);
  }
  for (const node of index.graph.nodes) {
    if (node.kind === "loop") for (const { from, to } of node.carries) add(from, to);
  }
  return found;
}

/** A container whose turns have keys of their own. */
function hasItems(node: GraphNode): boolean {
  return (node.kind === "map" || (node.kind === "loop" && !node.recursion)) && node.site !== undefined;
}

function leavesOf(index: GraphIndex, id: string): readonly string[] {
  const children = index.children(id);
  return children.length === 0 ? [id] : children.flatMap((child) => leavesOf(index, child.id));
}
