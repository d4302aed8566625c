import { describe, expect, it } from "vitest";
import type { Site, StepKey } from "../identity/brands.js";
import type { FlowGraph, GraphNode } from "./flow-graph.js";
import { realiseGraph } from "./realise-graph.js";

const span = { file: "src/a.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
const sited = (id: string, kind: string, more: object = {}): GraphNode =>
  ({ id, kind, site: `F.run#${id}` as Site, frames: [], span, ...more }) as GraphNode;
const step = (node: string, task: string, key = `F/F.run#${node}/0`) => ({ node, task, key: key as StepKey });

const graph: FlowGraph = {
  graphVersion: 1,
  nodes: [
    { id: "branch", kind: "branch", condition: "x", span },
    sited("A", "call", { task: "A", parent: "branch", arm: "then" }),
    sited("B", "call", { task: "B", parent: "branch", arm: "else" }),
    sited("map", "map", { mode: { type: "parallel" }, closed: true, over: "cities" }),
    sited("C", "call", { task: "C", parent: "map" }),
    sited("dynamic", "dynamic", { reason: "it is a value", candidates: ["D", "E"], open: true }),
  ],
  edges: [
    { kind: "order", from: "branch", to: "map", on: "success" },
    { kind: "order", from: "B", to: "map", on: "success" },
  ],
};

describe("a realised graph", () => {
  it("has the arms that were taken, the sizes of maps, and what was called where the build could not know", () => {
    const { nodes, edges } = realiseGraph(graph, [
      step("A", "A"),
      step("C", "C", "F/F.run#map/0/[oslo]/F.run#C/0"),
      step("C", "C", "F/F.run#map/0/[bergen]/F.run#C/0"),
      step("dynamic", "E"),
    ]);
    expect(nodes.map(({ id }) => id)).toEqual(["branch", "A", "map", "C", "dynamic"]);
    expect(nodes[2]).toMatchObject({ over: "cities: 2 items" });
    expect(nodes[4]).toEqual({ ...sited("dynamic", "call", { task: "E" }) });
    expect(edges).toEqual([{ kind: "order", from: "branch", to: "map", on: "success" }]);
  });

  it("lists what several turns called, without what is still open", () => {
    const [node] = realiseGraph(graph, [step("dynamic", "E"), step("dynamic", "D", "F/F.run#dynamic/1")]).nodes;
    expect(node).toEqual(sited("dynamic", "dynamic", { reason: "it is a value", candidates: ["D", "E"] }));
  });

  it("keeps calls that the graph does not know, and leaves out what sub-flows did", () => {
    const { nodes } = realiseGraph(graph, [
      step("F.x#G", "G", "F/F.x#G/0"),
      step("H", "H", "F/F.run#Sub/0/Sub.run#H/0"),
    ]);
    expect(nodes).toMatchObject([{ id: "F.x#G", kind: "dynamic", candidates: ["G"], site: "F.x#G" }]);
  });

  it("of a run that called nothing is empty", () => {
    expect(realiseGraph(graph, [])).toEqual({ graphVersion: 1, nodes: [], edges: [] });
  });
});
