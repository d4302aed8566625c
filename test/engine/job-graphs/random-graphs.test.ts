/** Random job graphs against a model: what becomes of each node, in which order, and after a crash at any point of the record. */
import {
  type Fact,
  foldRun,
  type JobGraph,
  parseKey,
  parseSite,
  type RunId,
  type RunStore,
  type Site,
} from "@millrace/core";
import { inlineExecutor, memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handProject } from "../hand-built.js";
import { random } from "../random-bodies.js";
import { expectedOf, type Planned, plannedGraphs } from "./random-graphs.js";

const GRAPHS = Number(process.env.MILLRACE_GRAPHS ?? 100);
const LIMIT_MS = 1_200 * GRAPHS;
const RUN = "random" as RunId;
const OWNER = { pid: 1, processStart: "0", boot: "none", host: "none", engine: "cutter" };

/** What the hand-written module looks for on the global object. */
interface Hooks {
  behaveAs: (key: string) => Promise<unknown>;
}
const hooks = globalThis as unknown as Hooks;

const MODULE = `
import { Flow, Task } from "millrace";
import { $site } from "millrace/stamps";
const given = (target) => Reflect.defineMetadata(Symbol.for("millrace.params"), new Set(["name", "taken"]), target);
export class Work extends Task {
  run() { return globalThis.behaveAs(this.info.step); }
}
export class Sub extends Flow {
  run() { return this.call(Work, { name: this.name, taken: this.taken }, $site("Sub.run#Work@return")); }
}
given(Work);
given(Sub);
`;

let project: TestProject;
beforeAll(async () => {
  const params = { properties: { name: {}, taken: {} } };
  project = await handProject({ module: MODULE, tasks: { Work: { params } }, flows: { Sub: { params } } });
});
afterAll(() => project.remove());

/** Path of the node that a step stands in: `n1/n0`. */
function pathOf(key: string): string {
  const sites = (parseKey(key) ?? []).filter(({ kind }) => kind === "site");
  const ids = sites.flatMap(({ text }) => {
    const { owner = "", callee = "" } = parseSite(text as Site) ?? {};
    return owner === "Sub.run" ? [] : [callee];
  });
  return ids.join("/");
}

interface Life {
  /** Nodes that ran, in the order in which they began. */
  readonly ran: readonly string[];
  readonly status: string;
  readonly facts: readonly Fact[];
  /** What became of each node. */
  readonly states: Readonly<Record<string, string>>;
}

/** Lives through a run; how long each node takes comes from the seed. `start` is undefined for a resume. */
async function live(store: RunStore, failing: ReadonlySet<string>, seed: number, start?: JobGraph): Promise<Life> {
  const next = random(seed);
  const ran: string[] = [];
  const behave = async (path: string): Promise<unknown> => {
    ran.push(path);
    for (let turns = Math.floor(next() * 6); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    if (failing.has(path)) throw new Error(`${path} broke`);
    return { path };
  };
  hooks.behaveAs = (key) => behave(pathOf(key));
  const local = ({ name, at = "" }: { name: string; at?: string }): Promise<unknown> => behave(at + name);
  const engine = await openEngine({
    cwd: project.root,
    store,
    executor: inlineExecutor({ width: 4 }),
    observers: [],
    locals: { local },
  });
  try {
    const run = start ? engine.start(start, { id: RUN }) : await engine.resume(RUN);
    const { status, totals } = await run.outcome();
    const facts: Fact[] = [];
    for await (const fact of store.read(RUN)) facts.push(fact);
    const { steps, run: header } = await foldRun(RUN, () => store.read(RUN));
    // Of a later life the record may hold steps of a graph inside that was on its way at the cut, and is not entered again.
    if (start) expect(header.totals).toEqual(totals);
    const own = steps.filter(({ key }) => !key.includes("/Sub.run#"));
    return { ran, status, facts, states: Object.fromEntries(own.map(({ key, state }) => [pathOf(key), state])) };
  } finally {
    await engine.close();
  }
}

async function prefix(facts: readonly Fact[], length: number): Promise<RunStore> {
  const store = memoryStore();
  const lease = await store.acquire(RUN, OWNER);
  await store.append([{ run: RUN, epoch: lease.epoch, facts: facts.slice(0, length) }]);
  await store.release([lease]);
  return store;
}

/** Local functions of graphs inside graphs are told their path. */
function told({ graph, failing }: Planned, at = ""): Planned {
  const nodes = graph.nodes.map((node) => {
    if ("graph" in node.run)
      return { ...node, run: { graph: told({ graph: node.run.graph, failing }, `${at}${node.id}/`).graph } };
    return "local" in node.run ? { ...node, params: { ...node.params, at: { value: at } } } : node;
  });
  return { graph: { ...graph, nodes }, failing };
}

/** Ids with what became of the nodes, of the graph and of those inside it that were entered, must hold together. */
function checkConsistent(
  { nodes, edges, policy: usual }: JobGraph,
  states: Life["states"],
  failed: boolean,
  at = "",
): void {
  let mayNotFail = false;
  for (const node of nodes) {
    const state = states[at + node.id];
    expect(state, `${at}${node.id} has a record`).toBeDefined();
    if (state === "failed" && node.critical !== false) mayNotFail = true;
    if (state === "succeeded" && !node.forever)
      for (const param of Object.values(node.params ?? {}))
        if ("from" in param) expect(states[at + param.from]).toBe("succeeded");
    if (state === "succeeded")
      for (const { from, to, policy = usual ?? "skip-dependents" } of edges)
        if (to === node.id && policy !== "run-dependents") expect(states[at + from]).toBe("succeeded");
    if ("graph" in node.run && (state === "succeeded" || state === "failed"))
      checkConsistent(node.run.graph, states, state === "failed", `${at}${node.id}/`);
  }
  expect(mayNotFail).toBe(failed);
}

const planned = plannedGraphs(1).map((plan) => told(plan));
const hard = plannedGraphs(1, { hard: true }).map((plan) => told(plan));
const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe("random job graphs", { timeout: LIMIT_MS }, () => {
  it(`${GRAPHS} of them end as the model says, and no node begins before what it waits for`, async () => {
    await fc.assert(
      fc.asyncProperty(planned, seeds, async ({ graph, failing }, seed) => {
        const life = await live(memoryStore(), failing, seed, graph);
        const { states, failed } = expectedOf(graph, failing);
        expect(life.states).toEqual(states);
        expect(life.status).toBe(failed ? "failed" : "succeeded");
        // Nothing is recorded of a node, and nothing of it ran, before what it waits for is on record.
        const settledAt = new Map(
          life.facts.flatMap((fact) => ("state" in fact && "key" in fact ? [[pathOf(fact.key), fact.seq]] : [])),
        );
        for (const { from, to } of graph.edges) expect(settledAt.get(from)).toBeLessThan(settledAt.get(to) as number);
        expect(new Set(life.ran).size).toBe(life.ran.length);
      }),
      { seed: 1, numRuns: GRAPHS },
    );
  });

  it("go on from every point of their record to the same end, and nothing that is on record runs again", async () => {
    let cut = 0;
    await fc.assert(
      fc.asyncProperty(planned, seeds, async ({ graph, failing }, seed) => {
        const first = await live(memoryStore(), failing, seed, graph);
        for (let length = 1; length < first.facts.length; length++) {
          const kept = first.facts.slice(0, length);
          const second = await live(await prefix(first.facts, length), failing, seed + length);
          expect(second.states, `after ${length} facts`).toEqual(first.states);
          expect(second.status).toBe(first.status);
          const recorded = new Set(
            kept.flatMap((fact) => ("state" in fact && "key" in fact ? [pathOf(fact.key)] : [])),
          );
          expect(second.ran.filter((path) => recorded.has(path))).toEqual([]);
          cut += 1;
        }
      }),
      { seed: 2, numRuns: Math.ceil(GRAPHS / 4) },
    );
    expect(cut).toBeGreaterThan(GRAPHS);
  });

  it("that end early, at every cut too, leave no node without a record, and go on once nothing fails any more", async () => {
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(hard, seeds, async ({ graph, failing }, seed) => {
        const store = memoryStore();
        const first = await live(store, failing, seed, graph);
        checkConsistent(graph, first.states, first.status === "failed");
        if (Object.values(first.states).includes("aborted")) ended += 1;
        const length = 1 + (seed % (first.facts.length - 1));
        const cut = await live(await prefix(first.facts, length), failing, seed);
        checkConsistent(graph, cut.states, cut.status === "failed");
        const kept = new Set(
          first.facts.slice(0, length).flatMap((fact) => ("state" in fact && "key" in fact ? [fact.key] : [])),
        );
        expect(cut.ran.filter((path) => [...kept].some((key) => pathOf(key) === path))).toEqual([]);
        if (first.status === "succeeded") return;
        const last = await live(store, new Set(), seed);
        expect(last.status).toBe("succeeded");
        checkConsistent(graph, last.states, false);
        for (const path of last.ran) expect(first.states[path]).not.toBe("succeeded");
      }),
      { seed: 4, numRuns: GRAPHS },
    );
    expect(ended).toBeGreaterThan(GRAPHS / 10);
  });

  it("that failed try again what did not succeed, and that alone", async () => {
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(planned, seeds, async ({ graph, failing }, seed) => {
        const store = memoryStore();
        const first = await live(store, failing, seed, graph);
        if (first.status !== "failed") return;
        failures += 1;
        const second = await live(store, new Set(), seed + 1);
        expect(second.status).toBe("succeeded");
        for (const path of second.ran) expect(first.states[path]).not.toBe("succeeded");
        const succeeded = new Set(
          Object.entries(first.states).flatMap(([path, state]) => (state === "succeeded" ? [path] : [])),
        );
        // A graph that had succeeded with a failure that it tolerates is not entered again.
        const kept = (path: string): boolean =>
          [...succeeded].some((done) => path === done || path.startsWith(`${done}/`));
        for (const [path, state] of Object.entries(second.states))
          if (!kept(path)) expect([path, state]).toEqual([path, "succeeded"]);
      }),
      { seed: 3, numRuns: GRAPHS },
    );
    expect(failures).toBeGreaterThan(GRAPHS / 10);
  });
});
