/** Results shared across runs, through the engine's doors. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { foldRun } from "@millrace/core";
import { inlineExecutor, memoryStore, openEngine, openSqliteStore } from "@millrace/runtime";
import { defineFlow, defineTask, type StepOptions } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { handProject, writeBuild } from "./hand-built.js";

const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });

const calls = (id: string, xs: readonly number[], options: StepOptions) =>
  defineFlow({
    id,
    run: (_: object, body) => Promise.all(xs.map((x) => body.call(work, { x }, options).catch(String))),
  });

async function lab(store = memoryStore()) {
  const clock = new ManualClock();
  const works = controlled(work);
  const engine = await openTestEngine({ clock, store, standIns: [works] });
  return { clock, works, engine };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("a cached step", () => {
  it("takes the result of an equal one of another run, which counts as cached and has run nothing", async () => {
    const store = memoryStore();
    const first = await lab(store);
    const run = first.engine.start(calls("Once", [1], { cache: true }), {});
    (await first.works.next()).finish(7);
    expect(await run.result()).toEqual([7]);
    await first.engine.close();

    const second = await lab(store);
    await using engine = second.engine;
    // Another flow, another site: the identity is all that counts.
    const again = engine.start(calls("Other", [1, 2], { cache: true }), {}, { id: "again" });
    const other = await second.works.next();
    expect(other.params).toEqual({ x: 2 });
    other.finish(8);
    expect(await again.result()).toEqual([7, 8]);
    expect(again.totals).toMatchObject({ total: 2, succeeded: 2, cached: 1, restored: 0 });
    const view = await foldRun(again.id, () => store.read(again.id));
    expect(
      view.steps.map(({ source, attempts, startedAt }) => ({ source, attempts, ran: startedAt !== null })),
    ).toEqual([
      { source: "cached", attempts: 0, ran: false },
      { source: "ran", attempts: 1, ran: true },
    ]);
    expect(view.run.totals.cached).toBe(1);
    expect(engine.events.of("step-settled").map(({ source }) => source)).toEqual(["cached", "ran"]);
  });

  it("takes no result older than its ttl, and a result from the cache does not become younger", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const flow = calls("Fresh", [1], { cache: { ttl: "1h" } });
    const first = engine.start(flow, {});
    (await works.next()).finish(1);
    await first.result();
    clock.advance(3_599_999);
    expect(await engine.run(flow, {})).toEqual([1]);
    clock.advance(1);
    const late = engine.start(flow, {});
    (await works.next()).finish(2);
    expect(await late.result()).toEqual([2]);
    expect(await engine.run(flow, {})).toEqual([2]);
  });

  it("gives nothing of steps that do not share, nor of failures", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    for (const [index, options] of [{}, { cache: false }].entries()) {
      const run = engine.start(calls(`Own${index}`, [1], options), {});
      (await works.next()).finish(1);
      await run.result();
    }
    const shared = calls("Shared", [1], { cache: true });
    const failing = engine.start(shared, {});
    (await works.next()).fail(new Error("no"));
    await failing.result();
    const run = engine.start(shared, {});
    (await works.next()).finish(3);
    expect(await run.result()).toEqual([3]);
  });
});

it("a plan knows what is shared, and what comes of it goes on", async () => {
  const { clock, works, engine } = await lab();
  await using _ = engine;
  const gate = defineTask({
    id: "Gate",
    run: (): number => {
      throw new Error("shut");
    },
  });
  const flow = defineFlow({
    id: "Gated",
    run: async (_p: object, body) => {
      await body.call(gate, {});
      return [
        await body.call(work, { x: 1 }, { cache: { ttl: "1h" } }),
        await body.call(work, { x: 2 }, { cache: true }),
      ];
    },
  });
  const run = engine.start(flow, {}, { id: "gated" });
  await run.outcome();
  const verdicts = async () => (await engine.plan("gated")).steps.map(({ task, verdict }) => `${task} ${verdict}`);
  expect(await verdicts()).toEqual(["Gate runs", "Work runs", "Work runs"]);
  const other = engine.start(calls("Sharing", [1], { cache: true }), {});
  (await works.next()).finish(4);
  await other.result();
  expect(await verdicts()).toEqual(["Gate runs", "Work cached", "Work runs"]);
  clock.advance(3_600_000);
  expect(await verdicts()).toEqual(["Gate runs", "Work runs", "Work runs"]);
  expect(works.pending).toBe(0);
});

describe("equal steps under way together", () => {
  it("wait for the first, whatever run they belong to, and have its result", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const flow = calls("Twins", [1, 1, 1], { cache: true });
    const runs = [engine.start(flow, {}), engine.start(flow, {})];
    const only = await works.next();
    await settle();
    expect(works.pending).toBe(0);
    only.finish(5);
    for (const run of runs) expect(await run.result()).toEqual([5, 5, 5]);
    expect(works.pending).toBe(0);
    expect(runs.map(({ totals }) => totals.cached).sort()).toEqual([2, 3]);
  });

  it.each(["fails", "is cancelled", "runs out of time"])("run in turn if the first %s", async (how) => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const first = engine.start(calls("First", [1], { cache: true, totalTimeout: "10s" }), {});
    const leading = await works.next();
    const second = engine.start(calls("Second", [1, 1], { cache: true }), {});
    await settle();
    if (how === "fails") leading.fail(new Error("no"));
    else if (how === "is cancelled") await first.cancel();
    else clock.advance(10_000);
    const next = await works.next();
    await settle();
    expect(works.pending).toBe(0);
    next.finish(6);
    expect(await second.result()).toEqual([6, 6]);
  });

  it("leave when they are stopped while they wait", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const first = engine.start(calls("First", [1], { cache: true }), {});
    const leading = await works.next();
    const second = engine.start(calls("Second", [1], { cache: true, totalTimeout: "1s" }), {});
    const third = engine.start(calls("Third", [1], { cache: true }), {});
    await settle();
    clock.advance(1_000);
    expect(await second.result()).toEqual([expect.stringContaining("totalTimeout")]);
    await third.cancel();
    leading.finish(1);
    expect(await first.result()).toEqual([1]);
    await settle();
    expect(works.pending).toBe(0);
  });
});

it("a step whose turn comes while its stop is being recorded does not run", async () => {
  const store = memoryStore();
  let gate = Promise.resolve();
  /** Appends from now on wait; the function returned lets them go. */
  const shut = (): (() => void) => {
    let open = (): void => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  };
  const append = store.append.bind(store);
  store.append = async (batches) => {
    await gate;
    return append(batches);
  };
  const { clock, works, engine } = await lab(store);
  await using _ = engine;
  const first = engine.start(calls("First", [1], { cache: true }), {});
  const leading = await works.next();
  const second = engine.start(calls("Second", [1], { cache: true, totalTimeout: "1s" }), {});
  await settle();
  const recordFirst = shut();
  leading.fail(new Error("no"));
  await settle();
  clock.advance(1_000);
  const recordSecond = shut();
  recordFirst();
  await settle();
  expect(works.pending).toBe(0);
  recordSecond();
  expect(await first.result()).toEqual(["Error: no"]);
  expect(await second.result()).toEqual([expect.stringContaining("totalTimeout")]);
});

describe("on disk", () => {
  const build = (work: string, fingerprint: string, hash: string) => ({
    hash,
    module: `import { Flow, Task } from "millrace"; import { $site } from "millrace/stamps";
export class Count extends Task { run() { globalThis.ran = (globalThis.ran ?? 0) + 1; return ${work}; } }
Reflect.defineMetadata(Symbol.for("millrace.params"), new Set(["x"]), Count);
export class Counts extends Flow { run() { return this.call(Count, { x: 1 }, { cache: true }, $site("Counts.run#Count@return")); } }`,
    tasks: { Count: { params: { properties: { x: {} } }, fingerprint } },
    flows: { Counts: { fingerprint } },
  });
  const ran = (): number | undefined => (globalThis as { ran?: number }).ran;

  it("survives the process, serves as long as the code is the same, and a damaged result is made anew", async () => {
    await using project = await handProject(build('"x".repeat(300_000)', "1", "first"));
    const once = async (): Promise<{ length: number; cached: number }> => {
      const store = await openSqliteStore({ dir: project.path(".flow") });
      const engine = await openEngine({
        cwd: project.root,
        store,
        executor: inlineExecutor({ width: 1 }),
        observers: [],
      });
      const run = engine.start("Counts");
      const value = (await run.result()) as string;
      await engine.close();
      await store.close();
      return { length: value.length, cached: run.totals.cached };
    };
    expect(await once()).toEqual({ length: 300_000, cached: 0 });
    expect(await once()).toEqual({ length: 300_000, cached: 1 });
    expect(ran()).toBe(1);
    for (const file of readdirSync(project.path(".flow/content"), { recursive: true, withFileTypes: true })) {
      if (file.isFile()) writeFileSync(join(file.parentPath, file.name), "damaged");
    }
    expect(await once()).toEqual({ length: 300_000, cached: 0 });
    expect(await once()).toEqual({ length: 300_000, cached: 1 });
    expect(ran()).toBe(2);
    writeBuild(project, build('"new"', "2", "second"));
    expect(await once()).toEqual({ length: 3, cached: 0 });
  });
});
