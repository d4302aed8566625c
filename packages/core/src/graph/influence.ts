/** Which steps depend on what another one gives: through data, conditions, and values that a loop carries to its next turns. */
import type { GraphNode } from "./flow-graph.js";
import type { GraphIndex } from "./index-graph.js";

/** A step that depends on another. */
export interface Influenced {
  readonly node: string;
  /** How many maps hold both: within these only the same item depends on it. */
  readonly sharedMaps: number;
  /** It comes behind the other in the turns of a loop: only if the other may not come at all, is it in doubt in the same turn. */
  readonly behind?: true;
}

/**
 * Node id → what depends on it without a step in between. Order alone is no dependence; but what comes after something that an
 * exit may leave out is left out with it, and the graph has no edge of its own for that.
 */
export function influences(index: GraphIndex): ReadonlyMap<string, readonly Influenced[]> {
  const found = new Map<string, Influenced[]>();
  const maps = (id: string): readonly string[] =>
    index
      .ancestors(id)
      .filter(hasItems)
      .map((node) => node.id);
  const add = (from: string, to: string, behind = false): void => {
    const around = maps(from);
    const list = found.get(from) ?? [];
    for (const node of leavesOf(index, to)) {
      const sharedMaps = maps(node).filter((map) => around.includes(map)).length;
      list.push({ node, sharedMaps, ...(behind ? { behind } : {}) });
    }
    found.set(from, list);
  };
  for (const edge of index.graph.edges) {
    if (edge.kind === "order") continue;
    const isExit = edge.kind === "control" && edge.via === "exit";
    for (const from of leavesOf(index, edge.from)) {
      for (const to of isExit ? leftOut(index, edge.to, from) : [edge.to]) add(from, to);
    }
  }
  for (const node of index.graph.nodes) {
    if (node.kind !== "loop") continue;
    for (const { from, to } of node.carries) add(from, to);
    // What a turn gives decides whether there is another, in which all are called again.
    const turn = hasItems(node) ? [] : leavesOf(index, node.id);
    for (const [i, from] of turn.entries()) for (const [k, to] of turn.entries()) add(from, to, k > i);
  }
  return found;
}

/** What an exit leaves out, from its first node on, as far as the containers around the step that decides reach. */
function leftOut(index: GraphIndex, first: string, decider: string): ReadonlySet<string> {
  const around = new Set(index.ancestors(decider).map(({ id }) => id));
  const left = new Set([first]);
  for (const id of left) {
    const ends = new Set([id, ...index.ancestors(id).map((node) => node.id), ...leavesOf(index, id)]);
    for (const edge of index.graph.edges) {
      const after =
        edge.kind === "order" ? edge.certainty !== "may" : edge.kind === "data" && edge.certainty === "must";
      if (after && ends.has(edge.from) && !around.has(edge.from)) left.add(edge.to);
    }
  }
  return left;
}

/** A container whose turns have keys of their own. */
function hasItems(node: GraphNode): boolean {
  return (node.kind === "map" || (node.kind === "loop" && !node.recursion)) && node.site !== undefined;
}

function leavesOf(index: GraphIndex, id: string): readonly string[] {
  const children = index.children(id);
  return children.length === 0 ? [id] : children.flatMap((child) => leavesOf(index, child.id));
}
