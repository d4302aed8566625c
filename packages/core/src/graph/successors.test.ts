import { describe, expect, it } from "vitest";
import type { Site } from "../identity/brands.js";
import type { FlowGraph, GraphEdge, GraphNode } from "./flow-graph.js";
import { renderSuccessors } from "./render-successors.js";
import { successorsOf } from "./successors.js";

const span = { file: "src/a.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
const call = (id: string, more: object = {}): GraphNode =>
  ({
    id,
    kind: "call",
    task: id.replace(/~\d+$/, ""),
    site: `F.run#${id}` as Site,
    frames: [],
    span,
    ...more,
  }) as GraphNode;
const node = (id: string, kind: GraphNode["kind"], more: object = {}): GraphNode =>
  ({ id, kind, span, ...more }) as GraphNode;
const order = (from: string, to: string): GraphEdge => ({ kind: "order", from, to, on: "success" });
const text = (nodes: readonly GraphNode[], edges: readonly GraphEdge[]): readonly string[] =>
  renderSuccessors(successorsOf({ graphVersion: 1, nodes, edges } satisfies FlowGraph)).split("\n");

describe("successors", () => {
  it("are a type, or a list of what starts together, without what others lead to", () => {
    expect(
      text(
        [call("A"), call("B"), call("C"), call("D")],
        [order("A", "B"), order("A", "C"), order("B", "D"), order("A", "D")],
      ),
    ).toEqual(["start -> A", "A     -> List[B, C]", "B     -> D", "C     -> end", "D     -> end"]);
  });

  it("are a branch of what is chosen between, and of what an error leads to", () => {
    const nodes = [
      call("A"),
      node("branch", "branch", { condition: "a.ok" }),
      call("B", { parent: "branch", arm: "then" }),
      node("try", "try"),
      call("C", { parent: "try", arm: "try" }),
      call("D", { parent: "try", arm: "catch" }),
      call("E"),
    ];
    const edges: GraphEdge[] = [
      { kind: "control", from: "A", to: "branch", port: "result" },
      order("branch", "try"),
      { kind: "control", from: "C", to: "D", port: "error" },
      order("try", "E"),
    ];
    expect(text(nodes, edges)).toEqual([
      "start -> A",
      "A     -> Branch(a.ok)[then=B, otherwise=C]",
      "B     -> C",
      "C     -> Branch(C)[result=E, error=D]",
      "D     -> E",
      "E     -> end",
    ]);
  });

  it("are a call with its return point, and another turn of a loop", () => {
    const nodes = [
      node("page", "procedure", { name: "page" }),
      call("A", { parent: "page" }),
      node("loop", "loop", { text: "while (more)" }),
      call("B", { parent: "loop" }),
      node("Sub", "subflow", { flow: "Sub" }),
    ];
    expect(text(nodes, [order("page", "loop"), order("loop", "Sub")])).toEqual([
      "start -> call page(page: A; returns to loop)",
      "A     -> loop*[B]",
      "B     -> Branch(while (more))[again=loop again, done=call Sub(Sub; returns to end)]",
      "Sub   -> end",
    ]);
  });

  it("are symbolic where the run decides, with the candidates that are known", () => {
    const dynamic = node("dynamic", "dynamic", { reason: "`target` is a value", candidates: ["A", "B"], open: true });
    expect(text([call("C"), dynamic], [order("C", "dynamic")])).toEqual([
      "start   -> C",
      "C       -> symbolic dynamic{A | B | …}",
      "dynamic -> end",
    ]);
  });

  it("of a flow without steps: its end", () => {
    expect(text([], [])).toEqual(["start -> end"]);
  });
});
