import { expect, test } from "vitest";
import type { FlowGraph, GraphEdge, GraphNode } from "./flow-graph.js";
import { indexGraph } from "./index-graph.js";
import { remainingPaths } from "./remaining-paths.js";

const span = { file: "f.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
const call = (id: string, parent?: string) =>
  ({
    kind: "call",
    id,
    task: id,
    site: `F.run#${id}`,
    frames: [],
    span,
    ...(parent ? { parent } : {}),
  }) as unknown as GraphNode;
const map = (id: string) =>
  ({
    kind: "map",
    id,
    over: "x",
    mode: { type: "parallel" },
    closed: true,
    site: `F.run#${id}`,
    frames: [],
    span,
  }) as unknown as GraphNode;
const order = (from: string, to: string): GraphEdge => ({ kind: "order", from, to, on: "success" });

function paths(nodes: GraphNode[], edges: GraphEdge[], own: Readonly<Record<string, number>>): object {
  const graph: FlowGraph = { graphVersion: 1, nodes, edges };
  return Object.fromEntries(remainingPaths(indexGraph(graph), ({ id }) => own[id] ?? 0));
}

test("a path is the longest chain, not the longest list", () => {
  const nodes = ["a", "b", "c", "d", "e"].map((id) => call(id));
  const edges = [order("a", "b"), order("a", "c"), order("b", "d"), order("c", "d")];
  expect(paths(nodes, edges, { a: 1, b: 5, c: 2, d: 10, e: 14 })).toEqual({ a: 16, b: 15, c: 12, d: 10, e: 14 });
});

test("what follows a container follows what is in it", () => {
  const nodes = [call("a"), map("m"), call("b", "m"), call("c", "m"), call("d")];
  const edges = [order("a", "m"), order("b", "c"), order("m", "d")];
  expect(paths(nodes, edges, { a: 1, b: 2, c: 3, d: 4 })).toEqual({ a: 10, m: 9, b: 9, c: 7, d: 4 });
});

test("an edge that leads back, or into the node itself, counts nothing", () => {
  const nodes = [call("a"), map("m"), call("b", "m")];
  expect(paths(nodes, [order("b", "a"), order("m", "b")], { a: 1, b: 2 })).toEqual({ a: 1, m: 2, b: 2 });
});
