/** Random job graphs against a model: what becomes of each node, in which order, and after a crash at any point of the record. */
import type { JobGraph } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectedOf, plannedGraphs } from "./random-graphs.js";
import { graphProject, type Life, live, pathOf, prefix, told } from "./random-lives.js";

const GRAPHS = Number(process.env.MILLRACE_GRAPHS ?? 100);
const LIMIT_MS = 1_200 * GRAPHS;

let project: TestProject;
beforeAll(async () => {
  project = await graphProject();
});
afterAll(() => project.remove());

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
        const life = await live(project, { store: memoryStore(), failing, seed, start: graph });
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
        const first = await live(project, { store: memoryStore(), failing, seed, start: graph });
        for (let length = 1; length < first.facts.length; length++) {
          const kept = first.facts.slice(0, length);
          const second = await live(project, {
            store: await prefix(first.facts, length),
            failing,
            seed: seed + length,
          });
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
        const first = await live(project, { store, failing, seed, start: graph });
        checkConsistent(graph, first.states, first.status === "failed");
        if (Object.values(first.states).includes("aborted")) ended += 1;
        const length = 1 + (seed % (first.facts.length - 1));
        const cut = await live(project, { store: await prefix(first.facts, length), failing, seed });
        checkConsistent(graph, cut.states, cut.status === "failed");
        const kept = new Set(
          first.facts.slice(0, length).flatMap((fact) => ("state" in fact && "key" in fact ? [fact.key] : [])),
        );
        expect(cut.ran.filter((path) => [...kept].some((key) => pathOf(key) === path))).toEqual([]);
        if (first.status === "succeeded") return;
        const last = await live(project, { store, failing: new Set(), seed });
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
        const first = await live(project, { store, failing, seed, start: graph });
        if (first.status !== "failed") return;
        failures += 1;
        const second = await live(project, { store, failing: new Set(), seed: seed + 1 });
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
