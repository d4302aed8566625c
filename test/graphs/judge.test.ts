/** Every fixture's graph, judged: nothing happens without a way, and every edge is seen to matter. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FlowGraph, GraphEdge } from "@millrace/core";
import { afterAll, describe, expect, it } from "vitest";
import { analyse, FIXTURES, fixtureNames } from "./fixture-project.js";
import { type Input, judge, type Subject, type Variants } from "./judge.js";
import { compileStamped } from "./stamped-run.js";

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  Check: [
    { ok: true, level: 1 },
    { ok: false, level: 2 },
    { ok: true, level: 3 },
    { ok: true, level: 0 },
    { ok: false, level: 9 },
  ],
  Fetch: [
    { city: "Oslo", ok: true, days: [1] },
    { city: "Bergen", ok: true, days: [2] },
    { city: "Oslo", ok: false, days: [1] },
    { city: "Oslo", ok: true, days: [1, 2] },
  ],
  List: [
    [{ id: "oslo", name: "Oslo", size: 1 }],
    [{ id: "moss", name: "Moss", size: 1 }],
    [],
    [
      { id: "oslo", name: "Oslo", size: 1 },
      { id: "bodo", name: "Bodo", size: 5 },
    ],
  ],
};

const variants: Variants = (task) => VALUES[task] ?? ["", `other ${task}`, { text: "x", ok: false, level: 7 }];

const input = (params: object, value: Input["value"]): Input => ({
  params: { cities: ["oslo", "bergen"], inputs: ["a", "b"], quick: true, careful: true, ...params },
  value,
});
const usual = (task: string): unknown => (VALUES[task] ?? [task])[0];

const INPUTS: readonly Input[] = [
  input({}, usual),
  input({ quick: false, careful: false, kind: "slow" }, usual),
  input({}, (task, n) => (task === "Check" && n < 1 ? VALUES[task]?.[1] : usual(task))),
  input({ quick: false }, (task, n) => (task === "Check" && n < 2 ? VALUES[task]?.[1] : usual(task))),
  input({}, (task) => VALUES[task]?.[3] ?? usual(task)),
  input({}, (task, n) => {
    if (task === "Fetch" && n === 0) throw new Error("no page");
    return usual(task);
  }),
  input({}, (task, n) => {
    if (task === "Check" && n === 0) throw new Error("no check");
    return usual(task);
  }),
  input({ cities: [], inputs: [] }, usual),
];

const { model, result } = analyse(FIXTURES);
const folder = mkdtempSync(join(FIXTURES, ".judged-"));
afterAll(() => rmSync(folder, { recursive: true }));
compileStamped(model, result, folder);
cpSync(join(FIXTURES, "src/foreign.js"), join(folder, "src/foreign.js"));

function subjectOf(name: string): Subject {
  const flow = model.declarations.find((d) => d.kind === "flow" && d.source === `src/${name}.ts`);
  const graph = result.graphs.get(flow?.id ?? "");
  if (!flow || !graph) throw new Error(`no flow in ${name}`);
  const module = join(folder, flow.source.replace(/\.ts$/, ".js"));
  return { module, name: flow.exportName ?? flow.className, graph };
}

const said = (edge: GraphEdge): string => `${edge.from} -> ${edge.to} ${edge.kind}`;

describe("the judge, of every fixture", () => {
  it.each(fixtureNames())("%s", async (name) => {
    const { unsound, unwitnessed } = await judge(subjectOf(name), INPUTS, variants);
    expect({ unsound, unwitnessed: unwitnessed.map(said) }).toEqual({ unsound: [], unwitnessed: [] });
  });
});

describe("the judge, of a graph that is wrong", () => {
  const without = (name: string, drop: (edge: GraphEdge) => boolean): Subject => {
    const subject = subjectOf(name);
    const edges = subject.graph.edges.filter((edge) => !drop(edge));
    expect(edges.length).toBeLessThan(subject.graph.edges.length);
    return { ...subject, graph: { ...subject.graph, edges } };
  };
  const plus = (name: string, edge: GraphEdge): Subject => {
    const subject = subjectOf(name);
    return { ...subject, graph: { ...subject.graph, edges: [...subject.graph.edges, edge] } };
  };
  const data = { kind: "data", param: "text", port: "result", derivation: "direct", certainty: "must", via: "value" };

  it.each([
    ["settle-late", "order", "holding Fetch affects Save"],
    ["exit-return", "control", "failing Check affects Fetch"],
    ["fail-returning", "control", "failing Check affects Save"],
    ["sequence", "data", "affects"],
  ])("misses a %s edge of kind %s", async (name, kind, effect) => {
    const { unsound } = await judge(
      without(name, (edge) => edge.kind === kind),
      INPUTS,
      variants,
    );
    expect(unsound.join("\n")).toContain(effect);
  });

  it.each<[string, GraphEdge]>([
    ["settle-sometimes", { kind: "order", from: "Save", to: "Fetch", on: "success" }],
    ["settle-late", { kind: "control", from: "Check", to: "Save", port: "result" }],
    ["settle-late", { ...data, from: "Fetch", to: "Save" } as GraphEdge],
    ["helper-started", { kind: "order", from: "Fetch", to: "Check", on: "success" }],
  ])("finds a superfluous edge in %s", async (name, edge) => {
    const { unwitnessed } = await judge(plus(name, edge), INPUTS, variants);
    expect(unwitnessed).toContainEqual(edge);
  });
});

/** Precision of the analyser is measured against the judge: edges seen to matter, of all that it gives. */
it("prints precision by kind", async () => {
  const kinds = new Map<string, { edges: number; unwitnessed: number }>();
  let unsound = 0;
  for (const name of fixtureNames()) {
    const subject = subjectOf(name);
    const verdict = await judge(subject, INPUTS, variants);
    unsound += verdict.unsound.length;
    count(kinds, subject.graph, verdict.unwitnessed);
  }
  const rows = [...kinds].map(([kind, { edges, unwitnessed }]) => {
    const share = ((edges - unwitnessed) / edges).toFixed(2);
    return `${kind.padEnd(8)} ${String(edges).padStart(4)} edges, ${share} witnessed`;
  });
  console.log([...rows, `effects without a way: ${unsound}`].join("\n"));
  expect(unsound).toBe(0);
});

function count(
  kinds: Map<string, { edges: number; unwitnessed: number }>,
  graph: FlowGraph,
  open: readonly GraphEdge[],
): void {
  for (const edge of graph.edges) {
    const known = kinds.get(edge.kind) ?? { edges: 0, unwitnessed: 0 };
    kinds.set(edge.kind, known);
    known.edges += 1;
    if (open.includes(edge)) known.unwitnessed += 1;
  }
}
