import { describe, expect, it } from "vitest";
import { renderDot } from "../graph/render-dot.js";
import { renderMermaid } from "../graph/render-mermaid.js";
import { drawJobGraph } from "./draw-job-graph.js";
import type { JobGraph } from "./job-graph.js";

const graph: JobGraph = {
  version: 1,
  name: "nightly",
  nodes: [
    { id: "fetch", run: { task: "Fetch" }, critical: true },
    {
      id: "inner",
      run: {
        graph: {
          version: 1,
          nodes: [
            { id: "fetch", run: { local: "f" } },
            { id: "watch", run: { local: "w" }, forever: true },
          ],
          edges: [],
        },
      },
      critical: true,
    },
    {
      id: "mail",
      run: { flow: "Mail" },
      params: { to: { from: "fetch", path: "who" }, text: { template: "Dear ${" + "{ fetch.name }}" } },
    },
  ],
  edges: [
    { from: "fetch", to: "inner" },
    { from: "fetch", to: "mail" },
    { from: "inner", to: "mail", policy: "run-dependents" },
  ],
};

describe("the drawing of a job graph", () => {
  it("has graphs for containers, one arrow where data says the order, and marks", () => {
    expect(renderMermaid(drawJobGraph(graph)).split("\n").slice(0, 14)).toEqual([
      "flowchart TD",
      '  n0["fetch<br/>task Fetch"]',
      "  class n0 critical",
      '  subgraph n1 ["inner<br/>graph"]',
      '    n2("fetch<br/>function")',
      '    n3("watch<br/>function")',
      "    class n3 forever",
      "  end",
      "  class n1 flow",
      "  class n1 critical",
      '  n4[["mail<br/>flow Mail"]]:::flow',
      "  n0 -.-> n1",
      '  n1 -.->|"then, whatever comes"| n4',
      '  n0 -->|"to<br/>text"| n4',
    ]);
  });

  it("is written in DOT, with clusters", () => {
    expect(renderDot(drawJobGraph(graph)).split("\n").slice(4, -2)).toEqual([
      '  n0 [label="fetch\\ntask Fetch", color="#b91c1c", penwidth=2]',
      "  subgraph cluster_n1 {",
      '    label="inner\\ngraph"; style="rounded"; color="#b91c1c"; penwidth=2',
      '    n2 [label="fetch\\nfunction", fillcolor="#eef2ff"]',
      '    n3 [label="watch\\nfunction", fillcolor="#eef2ff", style="dashed,rounded,filled"]',
      "  }",
      '  n4 [label="mail\\nflow Mail", peripheries=2]',
      "  n0 -> n2 [style=dotted, arrowhead=open, lhead=cluster_n1]",
      '  n2 -> n4 [label=" then, whatever comes", style=dotted, arrowhead=open, ltail=cluster_n1]',
      '  n0 -> n4 [label=" to\\n text"]',
    ]);
  });
});
