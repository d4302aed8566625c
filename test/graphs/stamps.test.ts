/** Stamped bodies, executed: what they announce finds exactly the nodes of the static graph, and all of them. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type FlowGraph, type GraphNode, indexGraph } from "@millrace/core";
import { afterAll, describe, expect, it } from "vitest";
import { analyse, FIXTURES, fixtureNames } from "./fixture-project.js";
import { announce, compileStamped, type Scenario } from "./stamped-run.js";

const SCENARIOS: readonly Scenario[] = [
  { refusals: 0 },
  { refusals: 1 },
  { refusals: 2 },
  { refusals: 0, fails: "Fetch" },
  { refusals: 0, fails: "Check" },
];

/** Nodes that stand for steps. */
function leavesOf(graph: FlowGraph): readonly GraphNode[] {
  return graph.nodes.filter((node) =>
    ["call", "subflow", "step", "sleep", "wait", "background", "dynamic"].includes(node.kind),
  );
}

describe("stamped flows", () => {
  const { model, result } = analyse(FIXTURES);
  const folder = mkdtempSync(join(FIXTURES, ".out-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  compileStamped(model, result, folder);
  cpSync(join(FIXTURES, "src/foreign.js"), join(folder, "src/foreign.js"));

  it.each(fixtureNames())("%s announces its nodes", async (name) => {
    const flow = model.declarations.find((d) => d.kind === "flow" && d.source === `src/${name}.ts`);
    const graph = result.graphs.get(flow?.id ?? "");
    if (!flow || !graph) throw new Error(`no flow in ${name}`);
    const index = indexGraph(graph);
    const module = join(folder, flow.source.replace(/\.ts$/, ".js"));
    const met = new Set<string>();
    for (const scenario of SCENARIOS) {
      for (const quick of [true, false]) {
        for (const step of await announce(
          { module, name: flow.exportName ?? flow.className, params: { quick, kind: quick ? "quick" : "slow" } },
          scenario,
        )) {
          const found = index.find(step.frames, step.site, step.callee);
          const [node] = found;
          // Deeper turns of a recursion have more frames than any node: the site alone finds it.
          const recursion = graph.nodes.some((n) => n.kind === "loop" && n.recursion);
          const frames = node && "frames" in node ? node.frames : undefined;
          expect(recursion ? step.frames.slice(0, 1) : step.frames).toEqual(frames);
          if (node?.kind === "call") expect(node.task).toBe(step.callee);
          // Nothing tells apart what stands in the same frames.
          for (const { id } of found) met.add(id);
        }
      }
    }
    expect([...met].sort()).toEqual(
      leavesOf(graph)
        .map((node) => node.id)
        .sort(),
    );
  });

  it("names the items of maps by the key that their type declares", async () => {
    const module = join(folder, "src/mapping.js");
    const steps = await announce({ module, name: "Mapping" }, { refusals: 0 });
    expect(steps.find((step) => step.callee === "Fetch")?.items).toEqual(["oslo"]);
    const gathered = await announce({ module: join(folder, "src/gathering.js"), name: "Gathering" }, { refusals: 0 });
    expect(gathered.filter((step) => step.callee === "Fetch").map((step) => step.items)).toEqual([["0"], ["1"]]);
  });

  it("moves no line", () => {
    for (const edit of result.edits) expect(edit.text).not.toContain("\n");
  });
});
