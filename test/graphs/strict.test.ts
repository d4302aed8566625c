/** Every fixture runs under `strict`, in whatever order its steps end; a graph with an edge too many, too few or turned round does not. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type FlowGraph, type GraphEdge, GraphRules, indexGraph } from "@millrace/core";
import type { RunOutcome } from "@millrace/runtime";
import { afterAll, describe, expect, it } from "vitest";
import { analyse, FIXTURES, fixtureNames } from "./fixture-project.js";
import { compileStamped } from "./stamped-run.js";
import { type Behaviour, openStrict, type StrictProject } from "./strict-run.js";
import { withoutStrays } from "./without-strays.js";

/** Parts that are objects can be told apart, wherever a body puts them. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  Check: [
    { ok: true, level: 1 },
    { ok: false, level: 2 },
    { ok: true, level: 3 },
    { ok: { yes: true }, level: { number: 4 } },
    { ok: false, level: { number: 5 } },
  ],
  Fetch: [
    { city: "Oslo", ok: true, days: [1] },
    { city: "Bergen", ok: false, days: [1, 2] },
    { city: { name: "Moss" }, ok: { yes: true }, days: [{ day: 1 }] },
  ],
  List: [
    [
      { id: "oslo", name: "Oslo", size: 1 },
      { id: "bodo", name: "Bodo", size: 5 },
    ],
    [],
    [{ id: "moss", name: { text: "Moss" }, size: 9 }],
  ],
  Render: ["page", { page: 1 }],
  Save: ["saved", { saved: 1 }],
};

/** Salt 0 takes the first values, ends in order and fails nothing. `changed`: one call of a task gives the next value of its list. */
function behaviour(salt: number, changed?: string): Behaviour {
  const random = (task: string, n: number): number => hashOf(`${salt} ${task} ${n}`);
  const when = (salt >>> 1) % 3;
  return {
    turns: (task, n) => (salt === 0 ? 0 : random(task, n) % 9),
    value(task, n) {
      if (salt % 3 === 2 && n < 2 && random(task, n) % 3 === 0) throw new Error(`${task} ${n} failed`);
      const values = VALUES[task] ?? [task, { [task]: 1 }];
      const at = salt === 0 || n > 4 ? 0 : random(task, n) >>> 3;
      return values[(at + (task === changed && n === when ? 1 : 0)) % values.length];
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

const CHANGES = [undefined, ...Object.keys(VALUES)];

/** Runs a fixture as it is, and with another value of each task in turn. Gives the first that the runs say of the graph. */
async function verdictOn(name: string, salt: number, graph?: FlowGraph): Promise<string | undefined> {
  await using engine = await openStrict(project, graph && { [flowOf(name)]: graph });
  const given =
    salt % 8 === 7 ? { cities: [], inputs: [] } : { cities: ["oslo", "bergen", "moss"], inputs: ["a", "b"] };
  const params = { ...given, quick: salt % 2 === 0, careful: salt % 3 > 0 };
  for (const changed of CHANGES) {
    const says = verdict(await engine.run(flowOf(name), params, behaviour(salt, changed)));
    if (says !== undefined) return says;
  }
  return undefined;
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
      for (let salt = 0; salt < 16; salt += 1) expect({ salt, says: await verdictOn(name, salt) }).toEqual({ salt });
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
    for (let salt = 0; salt < 24; salt += 1) {
      const says = await verdictOn(name, salt, { ...graphOf(name), edges });
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
  const withoutParam =
    (from: string, to: string, param: string): Change =>
    (edges) =>
      edges.filter((e) => e.kind !== "data" || e.from !== from || e.to !== to || e.param !== param);
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
      "an order that a step was issued before",
      "settle-any",
      without("Check", "Render"),
      "because Check had settled, and no edge leads there from Check",
    ],
    [
      "a decision within one turn too few",
      "exit-endless",
      without("Check", "Fetch"),
      "because Check had settled, and no edge leads there from Check",
    ],
    [
      "a failure that leads to a handler too few",
      "trying",
      (edges) => edges.filter((e) => e.kind !== "control"),
      "because Fetch had settled, and no edge leads there from Fetch",
    ],
    [
      "a list after what it is made of",
      "accumulating",
      (edges) => edges.map((e) => (e.kind === "data" && e.from === "List" ? turned(e) : e)),
      "was called after List, against the edge Fetch -> List of kind data (city)",
    ],
    [
      "an object that no edge brings",
      "library",
      withoutParam("Fetch", "Render", "a"),
      "was given a value of Fetch as a, and no data edge leads there from Fetch",
    ],
    [
      "a text that no edge brings",
      "sequence",
      withoutParam("Fetch", "Render", "b"),
      "was given another b than in a run that differed by Fetch, and no data edge leads there",
    ],
    [
      "a decision too few beside data",
      "exit-loop",
      (edges) => edges.filter((e) => e.kind !== "control" || e.to !== "Save"),
      "was called, and not in a run that differed by Fetch, and no control edge says so",
    ],
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
    expect(await verdictOn("sequence", 0, graph)).toMatch(/^unknown-site: .*Sequence\.run#Save@return/);
  });

  it("though its body catches what the call throws", async () => {
    const says = await firstVerdict(
      "fail-first",
      plus({ kind: "order", from: "Save", to: "Fetch", on: "success" })(graphOf("fail-first").edges),
    );
    expect(says).toContain("Save (FailFirst.run#Save, src/fail-first.ts:13:11) was called after Fetch");
  });
});

/** True if what an edge says of its ends follows from the others, so that no run can show that it is missing. */
function isImplied(graph: FlowGraph, edge: GraphEdge): boolean {
  const index = indexGraph(graph);
  const holders = (id: string): readonly string[] => [id, ...index.ancestors(id).map((node) => node.id)];
  const others = graph.edges.filter((other) => other !== edge);
  const decides = (from: string, id: string): boolean =>
    others.some((e) => e.kind === "control" && e.from === from && holders(id).includes(e.to));
  switch (edge.kind) {
    case "data": {
      const beside = others.filter((e) => e.kind === "data" && e.to === edge.to && e.param === edge.param);
      // Another edge says that the same step gives that parameter.
      if (beside.some((e) => e.from === edge.from && e.kind === "data" && e.port === edge.port)) return true;
      // It chooses, since it decides whether another definition comes about.
      return edge.via === "choice" && beside.some((e) => decides(edge.from, e.from));
    }
    case "control":
      // It decides how many items there are of one list, which become those of the next.
      return others.some(
        (e) =>
          e.kind === "data" &&
          e.entry === "spread" &&
          e.gather === "all" &&
          holders(e.to).includes(edge.to) &&
          decides(edge.from, e.from),
      );
    case "order":
      // It asks for nothing, and a way remains.
      return (
        edge.certainty === "may" && new GraphRules(indexGraph({ ...graph, edges: others })).hasWay(edge.from, edge.to)
      );
  }
}

/** Of each kind: planted faults that show, and those that no run can show. The rest is missed. */
const KNOWN: Readonly<Record<string, readonly [found: number, implied: number]>> = {
  "control removed": [42, 1],
  "control turned round": [43, 0],
  "may data removed": [36, 16],
  "may data turned round": [36, 16],
  "may order removed": [7, 4],
  "may order turned round": [8, 4],
  "must data removed": [99, 14],
  "must data turned round": [113, 0],
  "must order removed": [82, 0],
  "must order turned round": [85, 0],
};

it("finds planted faults", async () => {
  const tally = new Map<string, { planted: number; implied: number; found: number }>();
  const missed: string[] = [];
  for (const name of fixtureNames()) {
    const graph = graphOf(name);
    for (const edge of graph.edges) {
      const kind = edge.kind === "control" ? "control" : `${edge.certainty ?? "must"} ${edge.kind}`;
      const rest = graph.edges.filter((other) => other !== edge);
      for (const [how, planted] of [["removed", rest] as const, ["turned round", [...rest, turned(edge)]] as const]) {
        const row = tally.get(`${kind} ${how}`) ?? { planted: 0, implied: 0, found: 0 };
        tally.set(`${kind} ${how}`, row);
        row.planted += 1;
        // Turned round, an edge that asks for nothing is as good as none.
        const silent = how === "removed" || (edge.kind !== "control" && edge.certainty === "may");
        if (silent && isImplied(graph, edge)) row.implied += 1;
        else if ((await firstVerdict(name, planted)) !== undefined) row.found += 1;
        else
          missed.push(
            `${how}: ${name}, ${edge.from} -> ${edge.to}${edge.kind === "data" ? `.${edge.param}` : ""}, ${kind}`,
          );
      }
    }
  }
  const rows = [...tally].sort();
  for (const [what, { planted, implied, found }] of rows)
    console.log(
      `${what.padEnd(24)} ${found} found of ${planted - implied}; ${implied} more are implied by other edges`,
    );
  console.log(missed.join("\n"));
  expect(rows.map(([what]) => what)).toEqual(Object.keys(KNOWN));
  for (const [what, { implied, found }] of rows) {
    const [least, certain] = KNOWN[what] ?? [];
    expect({ what, implied, enough: found >= (least ?? 0) }).toEqual({ what, implied: certain, enough: true });
  }
}, 600_000);
