/** Drawings: what is nested, labelled and marked, in both languages. */
import { describe, expect, it } from "vitest";
import type { Site } from "../identity/brands.js";
import { drawGraph } from "./draw-graph.js";
import type { DataEdge, FlowGraph, GraphNode } from "./flow-graph.js";
import { renderDot } from "./render-dot.js";
import { renderMermaid } from "./render-mermaid.js";

const span = { file: "src/x.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
const call = (id: string, place: { parent?: string; arm?: string } = {}): GraphNode => ({
  kind: "call",
  id,
  task: id,
  site: `F.run#${id}` as Site,
  frames: [],
  span,
  ...place,
});
const data = (from: string, to: string, param: string, more: Partial<DataEdge> = {}): DataEdge => ({
  kind: "data",
  from,
  to,
  param,
  port: "result",
  derivation: "direct",
  certainty: "must",
  via: "value",
  ...more,
});
const graph: FlowGraph = {
  graphVersion: 1,
  nodes: [
    call("A"),
    { kind: "branch", id: "branch", condition: 'a.text === "x"', span },
    call("B", { parent: "branch", arm: "then" }),
    {
      kind: "dynamic",
      id: "dynamic",
      reason: "it is a value",
      candidates: ["C", "D"],
      parent: "branch",
      arm: "else",
      span,
    },
    { kind: "loop", id: "loop", text: "while (more)", carries: [], span },
    call("E", { parent: "loop" }),
  ],
  edges: [
    data("A", "B", "input"),
    data("A", "dynamic", "error", { port: "error", certainty: "may" }),
    data("A", "dynamic", "text", { derivation: "derived", certainty: "may" }),
  ],
};

describe("renderMermaid", () => {
  it("nests arms in containers, escapes text, and marks what is unknown", () => {
    expect(renderMermaid(drawGraph(graph)).split("\n").slice(0, 21)).toEqual([
      "flowchart TD",
      '  n0["A"]',
      '  subgraph n1 ["if a.text === #34;x#34;"]',
      '    subgraph n1_1 ["then"]',
      '      n2["B"]',
      "    end",
      "    class n1_1 arm",
      '    subgraph n1_2 ["else"]',
      '      n3{{"? C or D<br/>it is a value"}}:::dynamic',
      "    end",
      "    class n1_2 arm",
      "  end",
      '  subgraph n4 ["while (more)"]',
      '    n5["E"]',
      "  end",
      '  n0 -->|"input"| n2',
      '  n0 -.->|"error (error)<br/>text (computed)"| n3',
      "  n1 --- n4",
      '  legend["plain lines: order of the source, nothing flows"]:::legend',
      "  classDef dynamic stroke-dasharray: 5 4,stroke:#b45309,fill:#fef3c7,color:#78350f",
      "  classDef flow stroke-width:3px",
    ]);
  });
});

describe("renderDot", () => {
  it("draws clusters with escaped titles, dashed arrows for what may arrive, and a legend for ties", () => {
    const dot = renderDot(drawGraph(graph));
    expect(dot).toContain('label="if a.text === \\"x\\""');
    expect(dot).toContain('n0 -> n3 [label=" error (error)\\n text (computed)", style=dashed]');
    expect(dot).toContain('n3 -> n5 [dir=none, color="#cbd5e1", ltail=cluster_n1, lhead=cluster_n4]');
    expect(dot).toContain("nothing flows");
    expect(dot.match(/\{/g)?.length).toBe(dot.match(/\}/g)?.length);
  });
});
