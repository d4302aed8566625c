/** Every fixture runs under `strict`, in whatever order its steps end; a graph with an edge too many, too few or turned round does not. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FlowGraph, GraphEdge } from "@millrace/core";
import type { RunOutcome } from "@millrace/runtime";
import { afterAll, describe, expect, it } from "vitest";
import { analyse, FIXTURES, fixtureNames } from "./fixture-project.js";
import { compileStamped } from "./stamped-run.js";
import { type Behaviour, runStrict, type StrictProject } from "./strict-run.js";
import { withoutStrays } from "./without-strays.js";

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  Check: [
    { ok: true, level: 1 },
    { ok: false, level: 2 },
    { ok: true, level: 3 },
  ],
  Fetch: [
    { city: "Oslo", ok: true, days: [1] },
    { city: "Bergen", ok: false, days: [1, 2] },
  ],
  List: [
    [
      { id: "oslo", name: "Oslo", size: 1 },
      { id: "bodo", name: "Bodo", size: 5 },
    ],
    [],
  ],
};

/** Salt 0 takes the first values, ends in order and fails nothing. */
function behaviour(salt: number): Behaviour {
  const random = (task: string, n: number): number => hashOf(`${salt} ${task} ${n}`);
  return {
    turns: (task, n) => (salt === 0 ? 0 : random(task, n) % 7),
    value(task, n) {
      if (salt % 3 === 2 && n < 2 && random(task, n) % 5 === 0) throw new Error(`${task} ${n} failed`);
      const values = VALUES[task] ?? [task];
      return salt === 0 || n > 4 ? values[0] : values[(random(task, n) >>> 3) % values.length];
    },
  };
}

function hashOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash ^ (hash >>> 7);
}

const { model, result } = analyse(FIXTURES);
const folder = mkdtempSync(join(FIXTURES, ".strict-"));
afterAll(() => rmSync(folder, { recursive: true }));
compileStamped(model, result, folder);
cpSync(join(FIXTURES, "src/foreign.js"), join(folder, "src/foreign.js"));
const project: StrictProject = { model, result, folder };

function flowOf(name: string): string {
  const flow = model.declarations.find((d) => d.kind === "flow" && d.source === `src/${name}.ts`);
  if (!flow) throw new Error(`no flow in ${name}`);
  return flow.id;
}

function run(name: string, salt: number, graph?: FlowGraph): Promise<RunOutcome> {
  const params = {
    cities: ["oslo", "bergen", "moss"],
    inputs: ["a", "b"],
    quick: salt % 2 === 0,
    careful: salt % 3 > 0,
  };
  const given = salt % 8 === 7 ? { ...params, cities: [], inputs: [] } : params;
  const behaved = behaviour(salt);
  return runStrict(project, flowOf(name), { params: given, behaviour: behaved, ...(graph ? { graph } : {}) });
}

/** What a run says of its graph; undefined if it has nothing against it. */
function verdict(outcome: RunOutcome): string | undefined {
  if (outcome.status === "succeeded" || outcome.status === "suspended") return undefined;
  const { code, message } = outcome.error as Error & { readonly code?: string };
  return code === "graph-violated" || code === "unknown-site" ? `${code}: ${message}` : undefined;
}

describe("every fixture conforms to its graph", () => {
  it.each(fixtureNames())("%s", async (name) => {
    await withoutStrays(async () => {
      for (let salt = 0; salt < 16; salt += 1) expect({ salt, says: verdict(await run(name, salt)) }).toEqual({ salt });
    });
  });
});

const graphOf = (name: string): FlowGraph => {
  const graph = result.graphs.get(flowOf(name));
  if (!graph) throw new Error(`no graph of ${name}`);
  return graph;
};
const turned = (edge: GraphEdge): GraphEdge => ({ ...edge, from: edge.to, to: edge.from });

/** What the first of a few runs has against a graph. */
async function firstVerdict(name: string, edges: readonly GraphEdge[]): Promise<string | undefined> {
  return withoutStrays(async () => {
    for (let salt = 0; salt < 6; salt += 1) {
      const says = verdict(await run(name, salt, { ...graphOf(name), edges }));
      if (says !== undefined) return says;
    }
    return undefined;
  });
}

describe("a run fails, and names site, edge and span,", () => {
  const data = { kind: "data", param: "text", port: "result", derivation: "direct", certainty: "must", via: "value" };
  type Change = (edges: readonly GraphEdge[]) => readonly GraphEdge[];
  const without =
    (from: string, to: string): Change =>
    (edges) =>
      edges.filter((edge) => edge.from !== from || edge.to !== to);
  const plus =
    (edge: object): Change =>
    (edges) => [...edges, edge as GraphEdge];
  const turnedRound =
    (from: string, to: string): Change =>
    (edges) =>
      edges.map((edge) => (edge.from === from && edge.to === to ? turned(edge) : edge));

  it.each<[string, string, Change, string]>([
    [
      "a data edge too many",
      "settle-late",
      plus({ ...data, from: "Save", to: "Check" }),
      "before Save, against the edge Save -> Check of kind data (text)",
    ],
    [
      "a data edge too few",
      "early",
      without("Check", "Render"),
      "because Check had settled, and no edge leads there from Check",
    ],
    [
      "a data edge turned round",
      "sequence",
      turnedRound("Render", "Save"),
      "before Save, against the edge Save -> Render of kind data",
    ],
    [
      "a control edge too many",
      "settle-late",
      plus({ kind: "control", from: "Save", to: "Check", port: "result" }),
      "before Save, against the edge Save -> Check of kind control",
    ],
    [
      "a control edge too few",
      "exit-return",
      without("Check", "Fetch"),
      "because Check had settled, and no edge leads there from Check",
    ],
    [
      "a control edge turned round",
      "helper-throwing",
      turnedRound("Check", "Save"),
      "because Check had settled, and no edge leads there from Check",
    ],
    [
      "an order edge too many",
      "settle-late",
      plus({ kind: "order", from: "Fetch", to: "Check", on: "success" }),
      "before Fetch had succeeded, against the edge Fetch -> Check of kind order",
    ],
    [
      "an order edge too few",
      "helper-sequence",
      without("procedure", "Render"),
      "because Save had settled, and no edge leads there from Save",
    ],
    ["an order edge turned round", "settle-pushed", turnedRound("Check", "Save"), "Save -> Check of kind order"],
    [
      "a race that nobody has won",
      "settle-any",
      plus({ kind: "order", from: "Save", to: "Check", on: "settled", group: "g" }),
      "",
    ],
  ])("with %s", async (_, name, change, words) => {
    const says = await firstVerdict(name, change(graphOf(name).edges));
    if (words === "") return expect(says).toBeUndefined();
    expect(says).toContain("graph-violated: ");
    expect(says).toContain(words);
    expect(says).toMatch(/\([^ ]+#[^ ]+, src\/[a-z-]+\.ts:\d+:\d+\)/);
  });

  it("with a node too few", async () => {
    const { nodes, edges } = graphOf("sequence");
    const graph = {
      graphVersion: 1,
      nodes: nodes.filter((n) => n.id !== "Save"),
      edges: edges.filter((e) => e.to !== "Save"),
    } as const;
    expect(verdict(await run("sequence", 0, graph))).toMatch(/^unknown-site: .*Sequence\.run#Save@return/);
  });

  it("though its body catches what the call throws", async () => {
    const says = await firstVerdict(
      "fail-first",
      plus({ kind: "order", from: "Save", to: "Fetch", on: "success" })(graphOf("fail-first").edges),
    );
    expect(says).toContain("Save (FailFirst.run#Save, src/fail-first.ts:13:11) was called after Fetch");
  });
});

it("prints how many planted faults runs find", async () => {
  const found = new Map<string, { caught: number; planted: number }>();
  for (const name of fixtureNames()) {
    const { edges } = graphOf(name);
    for (const edge of edges) {
      const kind = edge.kind === "control" ? "control" : `${edge.certainty ?? "must"} ${edge.kind}`;
      const rest = edges.filter((other) => other !== edge);
      for (const [how, planted] of [["removed", rest] as const, ["turned round", [...rest, turned(edge)]] as const]) {
        const row = found.get(`${kind} ${how}`) ?? { caught: 0, planted: 0 };
        found.set(`${kind} ${how}`, row);
        row.planted += 1;
        if ((await firstVerdict(name, planted)) !== undefined) row.caught += 1;
      }
    }
  }
  console.log(
    [...found]
      .sort()
      .map(([what, { caught, planted }]) => `${what.padEnd(26)} ${caught} of ${planted}`)
      .join("\n"),
  );
  for (const row of found.values()) expect(row.caught).toBeGreaterThan(0);
}, 300_000);
