/** Lifted graphs and look-ups of a nested graph. */
import { describe, expect, it } from "vitest";
import type { Site } from "../identity/brands.js";
import type { DataEdge, FlowGraph, GraphNode } from "./flow-graph.js";
import { indexGraph } from "./index-graph.js";
import { findCycle, liftEdges } from "./lift.js";

const span = { file: "src/x.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
const site = (text: string): Site => text as Site;
const call = (id: string, task: string, at: string, frames: string[], parent?: string): GraphNode => ({
  kind: "call",
  id,
  task,
  site: site(at),
  frames: frames.map(site),
  span,
  ...(parent === undefined ? {} : { parent }),
});
const procedure = (id: string, at: string): GraphNode => ({
  kind: "procedure",
  id,
  name: id,
  site: site(at),
  frames: [],
  span,
});
const edge = (from: string, to: string): DataEdge => ({
  kind: "data",
  from,
  to,
  param: "x",
  port: "result",
  derivation: "direct",
  certainty: "must",
  via: "value",
});
const nodes: readonly GraphNode[] = [
  procedure("p", "F#h@a"),
  call("A", "A", "h#A", ["F#h@a"], "p"),
  call("B", "B", "h#A|B", ["F#h@a"], "p"),
  call("C", "C", "h#A|B", ["F#h@a"], "p"),
  procedure("q", "F#h@b"),
  call("A~2", "A", "h#A", ["F#h@b"], "q"),
  call("D", "D", "F#D", []),
];
const graph = (...edges: DataEdge[]): FlowGraph => ({ graphVersion: 1, nodes, edges });

describe("liftEdges", () => {
  it("replaces ends by the children of the lowest common container and drops what stays inside one", () => {
    const lifted = liftEdges(graph(edge("A", "B"), edge("A", "A~2"), edge("B", "A~2"), edge("A~2", "D")));
    const pairs = (id: string): readonly string[] =>
      (lifted.get(id) ?? []).map((e) => `${e.from}>${e.to}:${e.edges.length}`);
    expect(pairs("p")).toEqual(["A>B:1"]);
    expect(pairs("")).toEqual(["p>q:2", "q>D:1"]);
    expect(pairs("q")).toEqual([]);
  });

  it("finds the cycle that two containers make though their leaves make none", () => {
    expect(findCycle(graph(edge("A", "A~2"), edge("A~2", "D")))).toBeUndefined();
    const cycle = findCycle(graph(edge("A", "A~2"), edge("A~2", "B")));
    expect(cycle?.container).toBe("");
    expect([...(cycle?.cycle ?? [])].sort()).toEqual(["p", "q"]);
  });
});

describe("indexGraph", () => {
  const index = indexGraph(graph());
  it("tells call paths apart by frames, and callees of one site by id", () => {
    expect(index.find([site("F#h@a")], site("h#A"))[0]?.id).toBe("A");
    expect(index.find([site("F#h@b")], site("h#A"))[0]?.id).toBe("A~2");
    expect(index.find([site("F#h@a")], site("h#A|B"), "C")[0]?.id).toBe("C");
  });
  it("falls back to any node of the site, and to nothing for an unknown one", () => {
    expect(index.find([], site("h#A"))[0]?.id).toBe("A");
    expect(index.atSite(site("h#A")).map((node) => node.id)).toEqual(["A", "A~2"]);
    expect(index.find([], site("h#X"))).toEqual([]);
  });
  it("knows children and ancestors", () => {
    expect(index.children("p").map((node) => node.id)).toEqual(["A", "B", "C"]);
    expect(index.children(undefined).map((node) => node.id)).toEqual(["p", "q", "D"]);
    expect(index.ancestors("A~2").map((node) => node.id)).toEqual(["q"]);
  });
});
