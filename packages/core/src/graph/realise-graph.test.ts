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
    const { nodes, edges } = realiseGraph(
      graph,
      [
        step("A", "A"),
        step("C", "C", "F/F.run#map/0/[oslo]/F.run#C/0"),
        step("C", "C", "F/F.run#map/0/[bergen]/F.run#C/0"),
        step("dynamic", "E"),
      ],
      {},
    );
    expect(nodes.map(({ id }) => id)).toEqual(["branch", "A", "map", "C", "dynamic"]);
    expect(nodes[2]).toMatchObject({ over: "cities: 2 items" });
    expect(nodes[4]).toEqual({ ...sited("dynamic", "call", { task: "E" }) });
    expect(edges).toEqual([{ kind: "order", from: "branch", to: "map", on: "success" }]);
  });

  it("lists what several turns called, without what is still open", () => {
    const [node] = realiseGraph(graph, [step("dynamic", "E"), step("dynamic", "D", "F/F.run#dynamic/1")], {}).nodes;
    expect(node).toEqual(sited("dynamic", "dynamic", { reason: "it is a value", candidates: ["D", "E"] }));
  });

  it("keeps calls that the graph does not know", () => {
    const { nodes } = realiseGraph(graph, [step("F.x#G", "G", "F/F.x#G/0")], {});
    expect(nodes).toMatchObject([{ id: "F.x#G", kind: "dynamic", candidates: ["G"], site: "F.x#G" }]);
  });

  const inner: FlowGraph = {
    graphVersion: 1,
    nodes: [
      { id: "while", kind: "loop", text: "while (more)", carries: [{ from: "H", to: "H", param: "page" }], span },
      sited("H", "call", { task: "H", parent: "while" }),
      sited("map", "map", { mode: { type: "parallel" }, closed: true, over: "pages" }),
      sited("I", "call", { task: "I", parent: "map" }),
      sited("J", "call", { task: "J" }),
    ],
    edges: [{ kind: "order", from: "while", to: "map", on: "success" }],
  };
  const outer: FlowGraph = {
    graphVersion: 1,
    nodes: [sited("Sub", "subflow", { flow: "Sub" }), sited("dynamic", "dynamic", { reason: "", candidates: ["Sub"] })],
    edges: [],
  };
  const flows = { Sub: { graph: inner } };

  it("has the steps of sub-flows inside them, all calls of one node together", () => {
    const { nodes, edges } = realiseGraph(
      outer,
      [
        step("Sub", "Sub", "F/F.run#Sub/0"),
        step("H", "H", "F/F.run#Sub/0/F.run#H/0"),
        step("I", "I", "F/F.run#Sub/0/F.run#map/0/[0]/F.run#I/0"),
        step("Sub", "Sub", "F/F.run#Sub/1"),
        step("H", "H", "F/F.run#Sub/1/F.run#H/0"),
        step("H", "H", "F/F.run#Sub/1/F.run#H/1"),
        step("I", "I", "F/F.run#Sub/1/F.run#map/0/[0]/F.run#I/0"),
      ],
      flows,
    );
    expect(nodes).toMatchObject([
      { id: "Sub", kind: "subflow" },
      { id: "Sub/while", parent: "Sub", text: "while (more): 3 turns", carries: [{ from: "Sub/H", to: "Sub/H" }] },
      { id: "Sub/H", parent: "Sub/while" },
      { id: "Sub/map", parent: "Sub", over: "pages: 2 items" },
      { id: "Sub/I", parent: "Sub/map" },
    ]);
    expect(edges).toEqual([{ kind: "order", from: "Sub/while", to: "Sub/map", on: "success" }]);
  });

  it("knows sub-flows of sub-flows, those behind a value, and those that have not settled", () => {
    const { nodes } = realiseGraph(
      { ...outer, nodes: [...outer.nodes, sited("Deep", "subflow", { flow: "Deep" })] },
      [
        step("dynamic", "Sub"),
        step("J", "J", "F/F.run#dynamic/0/F.run#J/0"),
        step("J", "J", "F/F.run#Deep/0/F.run#Sub/0/F.run#J/0"),
      ],
      { ...flows, Deep: { graph: outer } },
    );
    expect(nodes.map(({ id, kind, parent }) => [id, kind, parent])).toEqual([
      ["dynamic", "subflow", undefined],
      ["dynamic/J", "call", "dynamic"],
      ["Deep", "subflow", undefined],
      ["Deep/Sub", "subflow", "Deep"],
      ["Deep/Sub/J", "call", "Deep/Sub"],
    ]);
  });

  it("of a run that called nothing is empty", () => {
    expect(realiseGraph(graph, [], {})).toEqual({ graphVersion: 1, nodes: [], edges: [] });
  });
});
