/**
 * Plans of random job graphs, cut at any point of their record: what a plan says of a node, the resume does, as long as what runs succeeds. Only `unknown`
 * leaves it open, and stands only behind what a running step gives.
 */
import { graphName, type JobGraph, nodeKey, rootPlace } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Planned, plannedGraphs } from "./random-graphs.js";
import { changeCode, graphProject, type Life, live, prefix, told } from "./random-lives.js";

const GRAPHS = Number(process.env.MILLRACE_GRAPHS ?? 60);
const LIMIT_MS = 2_000 * GRAPHS;
const NONE: ReadonlySet<string> = new Set();

let project: TestProject;
beforeAll(async () => {
  project = await graphProject();
});
afterAll(() => project.remove());

/** Verdicts, counted. */
type Counts = Map<string, number>;

function tell(counts: Counts): void {
  console.log(`${GRAPHS} graphs: ${[...counts].map(([verdict, n]) => `${n} ${verdict}`).join(", ")}`);
}

/** Holds a plan against the life behind it, in which nothing failed that ran. */
function check({ plan, sources, facts }: Life, counts: Counts): void {
  const became = new Map(facts.flatMap((fact) => ("key" in fact && "state" in fact ? [[fact.key, fact.state]] : [])));
  for (const { key, verdict, because } of plan?.steps ?? []) {
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    if (key === undefined || verdict === "unknown") continue;
    const what = `${key} was planned: ${verdict}, ${because}`;
    if (verdict === "restored") expect(sources.get(key), what).toBe("restored");
    else expect(sources.get(key), what).toBe("ran");
    if (verdict === "runs") expect(became.get(key), what).not.toBe("skipped");
    if (verdict === "skipped") expect(became.get(key), what).toBe("skipped");
  }
  expect(plan?.stops).toBeUndefined();
}

/** Names of the graph's own nodes that take the result of one that is to run, themselves or through others. */
function takers(graph: JobGraph, running: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(running);
  for (const { id, params = {} } of graph.nodes)
    if (Object.values(params).some((param) => "from" in param && all.has(param.from))) all.add(id);
  return all;
}

/** Plans and resumes a run whose first facts are left. */
async function cut(plan: Planned, seed: number, counts: Counts, change?: string): Promise<void> {
  const { graph, failing } = plan;
  const first = await live(project, { store: memoryStore(), failing, seed, start: graph });
  if (change !== undefined) changeCode(project, change);
  const before = first.facts.length - 1;
  for (const length of new Set([1 + (seed % before), 1 + ((seed * 7) % before)])) {
    const store = await prefix(first.facts, length);
    check(await live(project, { store, failing: NONE, seed: seed + length, planned: true }), counts);
  }
  if (change !== undefined) changeCode(project, "Work-1");
}

const soft = plannedGraphs(1).map((plan) => told(plan));
const hard = plannedGraphs(1, { hard: true }).map((plan) => told(plan));
const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe("plans of random job graphs", { timeout: LIMIT_MS }, () => {
  it("are right after a crash: nothing is unknown, but behind steps that run", async () => {
    const counts: Counts = new Map();
    await fc.assert(
      fc.asyncProperty(soft, seeds, (plan, seed) => cut(plan, seed, counts)),
      { seed: 11, numRuns: GRAPHS },
    );
    tell(counts);
    for (const verdict of ["restored", "runs", "skipped", "unknown"])
      expect(counts.get(verdict)).toBeGreaterThan(GRAPHS / 4);
  });

  it("are right where the code of a task has changed", async () => {
    const counts: Counts = new Map();
    await fc.assert(
      fc.asyncProperty(soft, seeds, (plan, seed) => cut(plan, seed, counts, "Work-2")),
      { seed: 12, numRuns: GRAPHS },
    );
    tell(counts);
    for (const verdict of ["restored", "runs", "unknown"]) expect(counts.get(verdict)).toBeGreaterThan(GRAPHS / 4);
  });

  it("are right where graphs end early, by a failure or with what runs forever", async () => {
    const counts: Counts = new Map();
    await fc.assert(
      fc.asyncProperty(hard, seeds, fc.boolean(), (plan, seed, changes) =>
        cut(plan, seed, counts, changes ? "Work-2" : undefined),
      ),
      { seed: 13, numRuns: GRAPHS },
    );
    tell(counts);
    for (const verdict of ["restored", "runs", "skipped", "unknown"])
      expect(counts.get(verdict)).toBeGreaterThan(GRAPHS / 8);
  });

  it("of graphs that have failed name what is tried again, and leave unknown only what takes of it", async () => {
    const counts: Counts = new Map();
    await fc.assert(
      fc.asyncProperty(soft, seeds, async ({ graph, failing }, seed) => {
        const store = memoryStore();
        const first = await live(project, { store, failing, seed, start: graph });
        if (first.status !== "failed") return;
        const second = await live(project, { store, failing: NONE, seed, planned: true });
        check(second, counts);
        const steps = new Map(second.plan?.steps.map(({ key, verdict }) => [key, verdict]));
        const verdictOf = (id: string) => steps.get(nodeKey(rootPlace(graphName(graph)), id));
        const running = new Set(graph.nodes.map(({ id }) => id).filter((id) => verdictOf(id) === "runs"));
        for (const { id } of graph.nodes) if (verdictOf(id) === "unknown") expect(takers(graph, running)).toContain(id);
        expect([...steps.values()]).not.toContain("skipped");
      }),
      { seed: 14, numRuns: GRAPHS },
    );
    tell(counts);
    for (const verdict of ["restored", "runs", "unknown"]) expect(counts.get(verdict)).toBeGreaterThan(GRAPHS / 4);
  });

  it("are never wrong about what is on record, though what runs fails", async () => {
    await fc.assert(
      fc.asyncProperty(soft, seeds, async ({ graph, failing }, seed) => {
        const first = await live(project, { store: memoryStore(), failing, seed, start: graph });
        const store = await prefix(first.facts, 1 + (seed % (first.facts.length - 1)));
        const { plan, sources, states } = await live(project, { store, failing, seed: seed + 1, planned: true });
        for (const { key = "", verdict, because } of plan?.steps ?? []) {
          const what = `${key} was planned: ${verdict}, ${because}`;
          if (verdict === "restored") expect(sources.get(key), what).toBe("restored");
          if (verdict === "runs" && sources.has(key)) expect(sources.get(key), what).toBe("ran");
          if (verdict === "skipped") expect(Object.values(states), what).toContain("failed");
        }
      }),
      { seed: 15, numRuns: GRAPHS },
    );
  });
});
