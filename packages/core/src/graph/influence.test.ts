/** What depends on a step by the graph, where the graph says it in several edges. */
import { expect, it } from "vitest";
import type { Site } from "../identity/brands.js";
import type { FlowGraph, GraphEdge, GraphNode } from "./flow-graph.js";
import { indexGraph } from "./index-graph.js";
import { influences } from "./influence.js";

const span = { file: "src/x.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };

function call(id: string, parent?: string): GraphNode {
  return {
    kind: "call",
    id,
    task: id,
    site: id as Site,
    frames: [],
    span,
    ...(parent === undefined ? {} : { parent }),
  };
}

function container(kind: "race" | "loop", id: string): GraphNode {
  return kind === "race" ? { kind, id, span } : { kind, id, span, text: "", carries: [] };
}

const exit = (from: string, to: string): GraphEdge => ({ kind: "control", from, to, port: "result", via: "exit" });
const order = (from: string, to: string): GraphEdge => ({ kind: "order", from, to, on: "settled" });

function dependents(nodes: readonly GraphNode[], edges: readonly GraphEdge[], of: string): readonly string[] {
  const graph: FlowGraph = { graphVersion: 1, nodes, edges };
  const found = influences(indexGraph(graph)).get(of) ?? [];
  return [...new Set(found.map(({ node }) => node))].sort();
}

it("an exit leaves out what comes after the first that it leaves out", () => {
  const nodes = [
    call("C"),
    container("race", "race"),
    call("A", "race"),
    call("B", "race"),
    call("Gate"),
    call("Other"),
  ];
  const edges = [exit("C", "race"), order("race", "Gate"), order("Gate", "End"), order("C", "Other")];
  expect(dependents([...nodes, call("End")], edges, "C")).toEqual(["A", "B", "End", "Gate"]);
});

it("an exit of a turn leaves what comes after the loop", () => {
  const nodes = [container("loop", "loop"), call("C", "loop"), call("A", "loop"), call("Gate")];
  const found = dependents(nodes, [exit("C", "A"), order("loop", "Gate")], "C");
  expect(found).toContain("A");
  expect(found).not.toContain("Gate");
});
