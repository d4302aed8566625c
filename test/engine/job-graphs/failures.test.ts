/** What failures mean to a job graph: policies, critical nodes, nodes that run forever, and what a resume tries again. */
import { foldRun, type JobGraph, type RunId, type RunStore } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { graphOf, job, lab, named } from "./lab.js";

/** Runs a graph of `named` nodes; those of `fails` fail, the others give their id, `side` never ends. Returns what became of each. */
async function outcome(graph: JobGraph, fails: readonly string[], id = "run") {
  const { works, engine, store } = await lab();
  await using _ = engine;
  const run = engine.start(graph, { id });
  let over = false;
  const ended = run.outcome().finally(() => {
    over = true;
  });
  const answer = async (): Promise<void> => {
    while (!over) {
      const step = await Promise.race([works.next(), ended.then(() => undefined)]);
      if (!step) return;
      const { x } = step.params as { x: string };
      if (x === "side") continue;
      if (fails.includes(x)) step.fail(new Error(`${x} broke`));
      else step.finish(x);
    }
  };
  await answer();
  const end = await ended;
  return { end, run, store, states: await statesOf(store, id) };
}

async function statesOf(store: RunStore, id: string): Promise<Readonly<Record<string, string>>> {
  const { steps } = await foldRun(id as RunId, () => store.read(id as RunId));
  return Object.fromEntries(steps.map(({ node, state }) => [node, state]));
}

const CHAIN = [named("a"), named("b"), named("c"), named("alone")];

describe("a failed node", () => {
  it("has what stands behind it skipped, for a reason that names it; the rest goes on, and the run fails", async () => {
    const { end, run, store, states } = await outcome(graphOf(CHAIN, ["a > b", "b > c"]), ["a"]);
    expect(states).toEqual({ a: "failed", b: "skipped", c: "skipped", alone: "succeeded" });
    expect(end).toMatchObject({
      status: "failed",
      error: { code: "nodes-failed", message: "a of job-graph failed: a broke" },
    });
    expect(run.totals).toMatchObject({ total: 4, succeeded: 1, failed: 1, skipped: 2 });
    const { steps } = await foldRun(run.id, () => store.read(run.id));
    const reasons = steps.filter(({ state }) => state === "skipped").map(({ error }) => error?.message);
    expect(reasons).toEqual(["b was skipped: a failed.", "c was skipped: a failed."]);
  });

  it("ends all with fail-fast: what runs is aborted, what has not begun is skipped", async () => {
    const { works, engine, store } = await lab();
    await using _ = engine;
    const run = engine.start(graphOf(CHAIN, ["b > c"], { policy: "fail-fast" }), { id: "fast" });
    const begun = [await works.next(), await works.next(), await works.next()];
    begun[0]?.fail(new Error("a broke"));
    await expect(run.result()).rejects.toThrow("a of job-graph failed: a broke");
    expect(await statesOf(store, "fast")).toEqual({ a: "failed", b: "aborted", c: "skipped", alone: "aborted" });
  });

  it("lets dependants run whose edge says so, unless they take its result", async () => {
    const edges = [
      { from: "a", to: "clean", policy: "run-dependents" as const },
      { from: "a", to: "takes", policy: "run-dependents" as const },
      { from: "clean", to: "far" },
    ];
    const nodes = [
      named("a"),
      named("clean"),
      job("takes", { x: { from: "a" } }),
      // It takes a result over a node that ran all the same.
      job("far", { x: { from: "a" } }),
    ];
    const { end, states } = await outcome(graphOf(nodes, edges), ["a"]);
    expect(states).toEqual({ a: "failed", clean: "succeeded", takes: "skipped", far: "skipped" });
    expect(end.status).toBe("failed");
  });

  it("ends the graph if it is critical, and does not fail it if it is not", async () => {
    const critical = graphOf([named("a", { critical: true }), named("b"), named("c")], ["a > b", "b > c"], {
      policy: "run-dependents",
    });
    const hard = await outcome(critical, ["a"]);
    expect(hard.states).toEqual({ a: "failed", b: "skipped", c: "skipped" });
    expect(hard.end.status).toBe("failed");
    const soft = await outcome(
      graphOf([named("a", { critical: false }), named("b"), named("c")], ["a > b"], { policy: "fail-fast" }),
      ["a"],
    );
    expect(soft.states).toEqual({ a: "failed", b: "skipped", c: "succeeded" });
    expect(soft.end).toMatchObject({ status: "succeeded", value: { c: "c" } });
  });

  it("inside a graph fails the node that runs it", async () => {
    const inner = graphOf([named("in1"), named("in2")], ["in1 > in2"]);
    const { states, end } = await outcome(
      graphOf([{ id: "inner", run: { graph: inner } }, named("after")], ["inner > after"]),
      ["in1"],
    );
    expect(states).toEqual({ in1: "failed", in2: "skipped", inner: "failed", after: "skipped" });
    expect(end).toMatchObject({ error: { message: "inner of job-graph failed: in1 of inner failed: in1 broke" } });
  });
});

describe("a node that runs forever", () => {
  it("is aborted when all others are over, its function is told, and the graph succeeds", async () => {
    const { works, engine, store } = await lab();
    await using _ = engine;
    let told: unknown;
    engine.local("watch", (_params: object, { signal }) => {
      return new Promise(() => signal.addEventListener("abort", () => (told = signal.reason)));
    });
    const run = engine.start(
      graphOf([named("a"), named("task", { forever: true }), { id: "local", run: { local: "watch" }, forever: true }]),
      { id: "watched" },
    );
    const [a] = [await works.next(), await works.next()];
    a?.finish("done");
    expect(await run.result()).toEqual({ a: "done" });
    expect(await statesOf(store, "watched")).toEqual({ a: "succeeded", task: "aborted", local: "aborted" });
    expect(told).toMatchObject({ code: "step-aborted", message: "all others were over" });
  });

  it("never begins if the others are over first", async () => {
    const { states, end } = await outcome(graphOf([named("a"), named("late", { forever: true })], ["a > late"]), []);
    expect(states).toEqual({ a: "succeeded", late: "skipped" });
    expect(end.status).toBe("succeeded");
  });
});

describe("a failed graph", () => {
  it("tries again what failed, was skipped or aborted, at every depth, and nothing that succeeded", async () => {
    const inner = graphOf([named("in1"), named("in2"), named("in3")], ["in1 > in2"]);
    const graph = graphOf(
      [named("a"), { id: "inner", run: { graph: inner } }, named("after"), named("side", { forever: true })],
      ["a > inner", "inner > after"],
    );
    const first = await outcome(graph, ["in1"], "again");
    expect(first.states).toMatchObject({
      a: "succeeded",
      in1: "failed",
      in2: "skipped",
      in3: "succeeded",
      after: "skipped",
    });
    const { works, engine } = await lab(first.store);
    await using _ = engine;
    const run = await engine.resume("again");
    const ran: unknown[] = [];
    while (ran.length < 4) {
      const step = await works.next();
      const { x } = step.params as { x: string };
      ran.push(x);
      if (x !== "side") step.finish(x);
    }
    expect(ran.sort()).toEqual(["after", "in1", "in2", "side"]);
    expect(await run.result()).toEqual({ after: "after" });
    expect(run.totals).toMatchObject({ total: 7, succeeded: 6, aborted: 1, restored: 2 });
    expect(await statesOf(first.store, "again")).toEqual({
      a: "succeeded",
      in1: "succeeded",
      in2: "succeeded",
      in3: "succeeded",
      inner: "succeeded",
      after: "succeeded",
      side: "aborted",
    });
  });

  it.each([1, 2, 3, 4, 5, 6])(
    "tries again what failed while its graph was being aborted (%i turns later)",
    async (turns) => {
      const { works, engine, store } = await lab();
      const inner = graphOf([{ id: "in", run: { flow: "Twice" }, params: { x: { value: 1 } } }]);
      const graph = graphOf([named("a", { critical: true }), { id: "inner", run: { graph: inner } }]);
      const run = engine.start(graph, { id: "both" });
      const [a, within] = [await works.next({ x: "a" }), await works.next({ x: 2 })];
      a.fail(new Error("a broke"));
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      within.fail(new Error("in broke"));
      expect((await run.outcome()).status).toBe("failed");
      await engine.close();
      const second = await lab(store);
      await using again = second.engine;
      const resumed = await again.resume("both");
      (await second.works.next({ x: "a" })).finish("a");
      (await second.works.next({ x: 2 })).finish("in");
      expect(await resumed.result()).toEqual({ a: "a", inner: { in: "in" } });
    },
  );

  it("is met by a start with the same graph alone", async () => {
    const graph = graphOf([named("a"), named("b")], ["a > b"]);
    const { store } = await outcome(graph, ["a"], "met");
    const { works, engine } = await lab(store);
    await using _ = engine;
    const other = engine.start(graphOf([named("a")]), { id: "met", ifExists: "resume" });
    await expect(other.result()).rejects.toMatchObject({ code: "run-differs" });
    const same = engine.start({ ...graph }, { id: "met", ifExists: "resume" });
    (await works.next()).finish("a");
    (await works.next()).finish("b");
    expect(await same.result()).toEqual({ b: "b" });
  });

  it("needs the functions that it ran before", async () => {
    const { engine, store } = await lab();
    engine.local("fetch", () => Promise.reject(new Error("no net")));
    await engine.start(graphOf([{ id: "a", run: { local: "fetch" } }]), { id: "local" }).outcome();
    await engine.close();
    const second = await lab(store);
    await using again = second.engine;
    await expect(again.resume("local")).rejects.toMatchObject({
      code: "job-graph-invalid",
      message: expect.stringContaining('nodes[0].run.local is "fetch", and the engine has no such function'),
    });
    again.local("fetch", () => "got");
    expect(await (await again.resume("local")).result()).toEqual({ a: "got" });
    expect(() => again.local("fetch", () => "other")).toThrow('another local function "fetch"');
  });
});
