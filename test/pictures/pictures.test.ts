/** Pictures of every fixture's graph and of any graph: whole, well-formed, in order, the same each time, and inert. */
import type { FlowGraph, GraphNode } from "@millrace/core";
import { renderSvg } from "@millrace/core/picture";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse, FIXTURES } from "../graphs/fixture-project.js";
import { expectGoodGeometry } from "./geometry.js";
import { anyFlow, dataEdge, flowOf, nodeOf } from "./random-flow.js";
import { readPicture } from "./read-picture.js";
import { elements, textOf } from "./read-xml.js";

/** Every edge that the graph has, as the line that stands for it. */
function expectWhole(graph: Pick<FlowGraph, "nodes" | "edges">, picture: ReturnType<typeof readPicture>): void {
  const ids = new Map(graph.nodes.map((node, i) => [node.id, `n${i}`]));
  for (const id of ids.values()) expect(picture.boxes.has(id), `node ${id}`).toBe(true);
  for (const edge of graph.edges) {
    const [from, to] = [ids.get(edge.from), ids.get(edge.to)];
    const line = picture.lines.find((it) => it.from === from && it.to === to && it.classes.includes(edge.kind));
    expect(line, `${edge.kind} ${edge.from} → ${edge.to}`).toBeDefined();
  }
  const ties = picture.lines.filter((line) => line.classes.includes("sequence"));
  const pairs = new Set(graph.edges.map((edge) => JSON.stringify([edge.from, edge.to, edge.kind])));
  expect(picture.lines.length - ties.length).toBe(pairs.size);
}

describe("pictures of the fixtures", () => {
  const { result } = analyse(FIXTURES);

  it.each([...result.graphs])("%s", (id, graph) => {
    const flow = flowOf(graph, id);
    const svg = renderSvg(flow, {});
    const picture = readPicture(svg);
    expectWhole(graph, picture);
    expectGoodGeometry(flow, picture);
    expect(renderSvg(flow, {})).toBe(svg);
  });
});

describe("pictures of any flow", () => {
  it("show all of it, nested, apart, and connected", () => {
    const property = fc.property(anyFlow, (flow) => {
      const picture = readPicture(renderSvg(flow, {}));
      expectWhole(flow.graph, picture);
      expectGoodGeometry(flow, picture);
    });
    fc.assert(property, { seed: 20240607, numRuns: 100 });
  }, 120_000);

  it("stay whole with arms that pass values to and fro", () => {
    const arms = ["0", "1", "0", "1"].map((arm, i) => nodeOf("call", `T${i}`, { parent: "race", arm }));
    const nodes = [nodeOf("race", "race"), ...arms];
    const flow = flowOf({ nodes, edges: [dataEdge("T0", "T1", "there"), dataEdge("T1", "T2", "back")] });
    const picture = readPicture(renderSvg(flow, {}));
    expectWhole(flow.graph, picture);
    expectGoodGeometry(flow, picture);
    const [, back] = picture.lines;
    expect(back?.tip).toEqual(back?.start);
  });

  it("take long chains, and refuse those that are longer than any stack", () => {
    const chain = (length: number): string => {
      const nodes = Array.from({ length }, (_, i) => nodeOf("call", `T${i}`));
      const edges = nodes.slice(1).map((node, i) => dataEdge(`T${i}`, node.id, "x"));
      return renderSvg(flowOf({ nodes, edges }), {});
    };
    const picture = readPicture(chain(500));
    expect([picture.boxes.size, picture.lines.length]).toEqual([500, 499]);
    expect(() => chain(30_000)).toThrow(expect.objectContaining({ code: "picture-too-deep" }));
  });
});

describe("what a picture says", () => {
  const one = (node: GraphNode): readonly string[] => {
    const { boxes } = readPicture(renderSvg(flowOf({ nodes: [node], edges: [] }), {}));
    return boxes.get("n0")?.words.map((words) => words.text) ?? [];
  };

  it("says of nodes what matters", () => {
    expect(
      one({ ...nodeOf("map", "m"), kind: "map", over: "cities", mode: { type: "bounded", limit: 4 }, closed: true }),
    ).toEqual(["for each of cities", "4 at a time"]);
    expect(one(nodeOf("dynamic", "Send"))).toEqual(["? Send", "Send is a value"]);
    expect(one(nodeOf("branch", "alerts"))).toEqual(["if alerts > 0"]);
    expect(one(nodeOf("sleep", "nap"))).toEqual(["nap", "sleep"]);
  });

  it("explains the lines that occur, and no others", () => {
    const nodes = ["A", "B", "C"].map((id) => nodeOf("call", id));
    const edges = [dataEdge("A", "B", "x"), { ...dataEdge("B", "C", "y"), certainty: "may" as const }];
    const legend = elements(readPicture(renderSvg(flowOf({ nodes, edges }), {})).root)
      .filter((it) => it.attributes.class === "legend")
      .map(textOf);
    expect(legend).toEqual(["result passed as this parameter", "result passed as this parameter, on some paths"]);
  });
});

describe("hostile names", () => {
  const HOSTILE = [
    "<script>alert(1)</script>",
    `"'><x y="`,
    "a\u0000b\u001b\ud800",
    "&amp;&#0;",
    "x".repeat(10_000),
    "]]>",
    "\u202egnp.exe",
  ];

  it.each(HOSTILE.map((name) => [JSON.stringify(name.slice(0, 30)), name]))(
    "%s is text and nothing else",
    (_, name) => {
      const nodes = [
        nodeOf("call", name),
        nodeOf("branch", `${name} b`),
        nodeOf("dynamic", `${name} d`, { parent: `${name} b`, arm: name }),
        nodeOf("call", "other", { parent: `${name} b`, arm: "else" }),
      ];
      const flow = flowOf({ nodes, edges: [dataEdge(name, "other", name)] }, name);
      const svg = renderSvg(flow, {});
      const picture = readPicture(svg);
      expectWhole(flow.graph, picture);
      expectGoodGeometry(flow, picture);
      const allowed = ["svg", "title", "desc", "style", "rect", "g", "path", "text"];
      expect(elements(picture.root).filter((it) => !allowed.includes(it.name))).toEqual([]);
      expect(svg).not.toMatch(/[\u202a-\u202e]/);
      expect(svg.length).toBeLessThan(20_000);
    },
  );
});
