/**
 * How many turns of each loop statement a run has made. Keys do not say which turn a step belongs to; but a step directly
 * in a loop is issued at most once a turn, and whoever issues a later one has passed it. So there is a least and a most
 * number of turns that called something; where both are the same, that is the answer.
 */
import { CONTAINER_KINDS, type FlowGraph, type GraphNode } from "./flow-graph.js";
import { indexGraph } from "./index-graph.js";

/** Bounds of how many turns called something of a part of the loop's body. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/** Turns that called something, of all loops where it can be told, over all times that they ran. `calls` are by node id. */
export function countTurns(graph: FlowGraph, calls: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const index = indexGraph(graph);

  function rangeOf(node: GraphNode): Range {
    const count = calls.get(node.id) ?? 0;
    // What runs in code that is not followed may run many times a turn.
    if (node.kind === "dynamic") return { least: Math.min(count, 1), most: count };
    if (!CONTAINER_KINDS.has(node.kind)) return { least: count, most: count };
    const children = index.children(node.id);
    if (node.kind === "loop" || node.kind === "map") {
      const { most } = inSequence(children);
      return { least: Math.min(most, 1), most };
    }
    if (node.kind === "procedure" || node.kind === "race") return inSequence(children);
    const arms = [...new Set(children.map(({ arm }) => arm))];
    const ranges = arms.map((arm) => inSequence(children.filter((child) => child.arm === arm)));
    const most = sum(ranges.map((range) => range.most));
    // A turn takes one of both arms of a condition; other arms may be taken after one another.
    const exclusive = arms.every((arm) => arm === "then" || arm === "else");
    return { least: exclusive ? sum(ranges.map(({ least }) => least)) : largest(ranges), most };
  }

  /** The first step that every turn passes bounds all behind it. */
  function inSequence(nodes: readonly GraphNode[]): Range {
    const ranges = nodes.map(rangeOf);
    const passed = nodes.findIndex(({ kind }) => kind !== "dynamic" && !CONTAINER_KINDS.has(kind));
    const counted = passed < 0 ? ranges : ranges.slice(0, passed + 1);
    return { least: largest(ranges), most: sum(counted.map(({ most }) => most)) };
  }

  return new Map(
    graph.nodes.flatMap((node): readonly (readonly [string, number])[] => {
      if (node.kind !== "loop" && node.kind !== "map") return [];
      const { least, most } = inSequence(index.children(node.id));
      return least === most && most > 0 ? [[node.id, most]] : [];
    }),
  );
}

function largest(ranges: readonly Range[]): number {
  return Math.max(0, ...ranges.map(({ least }) => least));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((a, b) => a + b, 0);
}
