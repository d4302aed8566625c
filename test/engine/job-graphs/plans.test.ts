/** Plans of job graphs: each verdict with its reason, whatever a node runs; functions are not called, and need not be there. */
import type { JobGraph, PlanDocument } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import { openTestEngine } from "@millrace/testing";
import { expect, test } from "vitest";
import { graphOf } from "./lab.js";

/** Node, verdict and reason of each node. */
function lines({ steps }: PlanDocument): readonly string[] {
  return steps.map(({ node, verdict, because }) => `${node} ${verdict}: ${because}`);
}

const KEPT = "restored: on record with the same code and parameters";

/** Starts a graph whose nodes run functions, and closes the engine when `wait` is called. */
async function interrupted(graph: JobGraph, store = memoryStore()) {
  let reach: () => void = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const engine = await openTestEngine({ store });
  engine.local("give", ({ x }: { x: unknown }) => x);
  engine.local("fail", () => Promise.reject(new Error("broken")));
  engine.local("wait", () => {
    reach();
    return new Promise(() => {});
  });
  const run = engine.start(graph, { id: "r" });
  await reached;
  await Promise.all([run.outcome(), engine.close()]);
  return store;
}

async function planOf(store: ReturnType<typeof memoryStore>, rerun: readonly string[] = []): Promise<PlanDocument> {
  // Without any function.
  await using engine = await openTestEngine({ store });
  return engine.plan("r", { rerun });
}

const give = (id: string, x: NonNullable<JobGraph["nodes"][number]["params"]>[string]) => ({
  id,
  run: { local: "give" },
  params: { x },
});

test("what is on record is restored, what is not runs, and what takes of that is unknown", async () => {
  const store = await interrupted(
    graphOf(
      [
        give("one", { value: 1 }),
        { id: "held", run: { local: "wait" } },
        give("taken", { from: "held" }),
        give("after", { value: 2 }),
        give("far", { from: "taken" }),
        { id: "inside", run: { graph: graphOf([give("a", { value: 1 }), give("b", { from: "a" })], ["a > b"]) } },
        { id: "said", run: { shell: "echo hi" }, params: { "env.X": { from: "one" } } },
      ],
      ["one > held", "held > taken", "held > after", "taken > far", "held > inside", "held > said"],
    ),
  );
  const plan = await planOf(store);
  expect(lines(plan)).toEqual([
    `one ${KEPT}`,
    "held runs: nothing is on record for it",
    "taken unknown: it depends on held, which runs",
    "after runs: nothing is on record for it",
    "inside runs: nothing is on record for it",
    "a runs: nothing is on record for it",
    "said runs: nothing is on record for it",
    "far unknown: it depends on held, which runs",
    "b unknown: it depends on a, which runs",
  ]);
  expect(plan).toMatchObject({ run: "r", flow: "job-graph", orphans: [] });
});

test("a failure that stands has those behind it skipped; a node whose parameters cannot be made fails", async () => {
  const store = await interrupted(
    graphOf(
      [
        { id: "bad", run: { local: "fail" }, critical: false },
        { id: "held", run: { local: "wait" } },
        give("skipped", { value: 1 }),
        give("one", { value: { a: 1 } }),
        give("wrong", { from: "one", path: "b" }),
        give("behind", { value: 1 }),
      ],
      ["bad > held", "held > skipped", "bad > skipped", "one > wrong", "held > wrong", "wrong > behind"],
      { policy: "run-dependents" },
    ),
  );
  const strict = await planOf(store);
  expect(lines(strict)).toEqual([
    `bad ${KEPT}, it failed`,
    `one ${KEPT}`,
    "held runs: nothing is on record for it",
    "skipped runs: nothing is on record for it",
    expect.stringMatching(/^wrong fails: .*b/),
    "behind runs: nothing is on record for it",
  ]);
});

test("of a graph that skips, the reason is the failure; one that is run again leaves open whether those behind it begin", async () => {
  const graph = graphOf(
    [
      give("one", { value: 1 }),
      { id: "bad", run: { local: "fail" }, params: { x: { from: "one" } } },
      { id: "held", run: { local: "wait" } },
      give("behind", { value: 1 }),
    ],
    ["one > bad", { from: "bad", to: "held", policy: "run-dependents" }, "bad > behind", "held > behind"],
  );
  const store = await interrupted(graph);
  expect(lines(await planOf(store))).toEqual([
    `one ${KEPT}`,
    `bad ${KEPT}, it failed`,
    "held runs: nothing is on record for it",
    "behind skipped: behind was skipped: bad failed.",
  ]);
  expect(lines(await planOf(store, ["job-graph#one"]))).toEqual([
    "one runs: its record is not to be used",
    "bad unknown: it depends on one, which runs",
    "held runs: nothing is on record for it",
    "behind unknown: it waits for bad, whose failure on record may stand",
  ]);
});
