/** Priorities, pools, resources, keys and rates, through the engine's doors. */
import { memoryStore, openEngine } from "@millrace/runtime";
import { defineFlow, defineTask, type StepOptions } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine, type TestEngineOptions } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });

/** Calls Work once for each of the options, all at once. */
const fan = (id: string, options: readonly StepOptions[]) =>
  defineFlow({
    id,
    run: (_: object, body) => Promise.all(options.map((one, x) => body.call(work, { x }, one).catch(String))),
  });

async function lab(options: TestEngineOptions = {}) {
  const clock = new ManualClock();
  const works = controlled(work);
  const engine = await openTestEngine({ clock, standIns: [works], ...options });
  return { clock, works, engine };
}

/** What has been dispatched by now has started. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("what may start", () => {
  it("goes by priority, then by the order of issue", async () => {
    const { works, engine } = await lab({ maxConcurrency: 1 });
    await using _ = engine;
    const priorities = [0, -1, 5, 0, 5];
    const run = engine.start(
      fan(
        "ByPriority",
        priorities.map((priority) => ({ priority })),
      ),
      {},
    );
    const order: number[] = [];
    for (const _each of priorities) {
      const attempt = await works.next();
      order.push(attempt.params.x);
      attempt.finish(0);
    }
    await run.result();
    expect(order).toEqual([2, 4, 0, 3, 1]);
  });

  it("keeps to the size of its pool, and other steps go by", async () => {
    const { works, engine } = await lab({ pools: { db: 2 } });
    await using _ = engine;
    const run = engine.start(fan("Pooled", [{ pool: "db" }, { pool: "db" }, { pool: "db" }, {}]), {});
    const [first, second, free] = [await works.next(), await works.next(), await works.next()];
    await settle();
    expect([first, second, free].map(({ params }) => params.x)).toEqual([0, 1, 3]);
    expect(works.pending).toBe(0);
    second.finish(0);
    const third = await works.next();
    expect(third.params.x).toBe(2);
    for (const attempt of [first, third, free]) attempt.finish(0);
    expect(await run.result()).toEqual([0, 0, 0, 0]);
  });

  it("takes all its resources at once or none", async () => {
    const { works, engine } = await lab({ resources: { cpus: 3, gpu: 1 } });
    await using _ = engine;
    const demands = [{ cpus: 2 }, { cpus: 1, gpu: 1 }, { cpus: 2, gpu: 1 }, { cpus: 0.5 }];
    const run = engine.start(
      fan(
        "Greedy",
        demands.map((resources) => ({ resources })),
      ),
      {},
    );
    const [a, b] = [await works.next(), await works.next()];
    await settle();
    expect(works.pending).toBe(0);
    a.finish(0);
    // Two cpus are free, but the gpu is not: it takes neither, and the small one goes by.
    const d = await works.next();
    expect(d.params.x).toBe(3);
    await settle();
    expect(works.pending).toBe(0);
    b.finish(0);
    const c = await works.next();
    expect(c.params.x).toBe(2);
    for (const attempt of [c, d]) attempt.finish(0);
    await run.result();
  });

  it("never runs steps of one key together, also of different runs", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const flow = fan("Keyed", [{ concurrencyKey: "account/7" }, { concurrencyKey: "account/8" }]);
    const runs = [engine.start(flow, {}), engine.start(flow, {})];
    const started = [await works.next(), await works.next()];
    await settle();
    expect(started.map(({ params }) => params.x)).toEqual([0, 1]);
    expect(works.pending).toBe(0);
    started[0]?.finish(0);
    const later = await works.next();
    expect(later.params.x).toBe(0);
    started[1]?.finish(0);
    (await works.next()).finish(0);
    later.finish(0);
    for (const run of runs) await run.result();
  });

  it("lets only so many begin in a window, failed attempts included", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const rateLimit = { limit: 2, per: "10s" } as const;
    const run = engine.start(
      fan(
        "Slowly",
        [1, 2, 3].map(() => ({ rateLimit, retry: { attempts: 2 } })),
      ),
      {},
    );
    const first = await works.next();
    clock.advance(4_000);
    first.fail(new Error("again"));
    (await works.next()).finish(0);
    await settle();
    expect(works.pending).toBe(0);
    clock.advance(5_999);
    await settle();
    expect(works.pending).toBe(0);
    clock.advance(1);
    // Two began at 0 s: two more may at 10 s, and the third not before 20 s.
    const second = [await works.next(), await works.next()];
    for (const attempt of second) attempt.finish(0);
    expect(await run.result()).toEqual([0, 0, 0]);
  });

  it("counts starts by task, or together under a name", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const limits: StepOptions[] = [
      { rateLimit: { limit: 1, per: "1h", name: "api" } },
      { rateLimit: { limit: 1, per: "1h", name: "api" } },
      { rateLimit: { limit: 1, per: "1h" } },
    ];
    const run = engine.start(fan("Named", limits), {});
    expect([(await works.next()).params.x, (await works.next()).params.x]).toEqual([0, 2]);
    await settle();
    expect(works.pending).toBe(0);
    await run.cancel();
  });

  it("gives back what it holds while it waits for another attempt", async () => {
    const { clock, works, engine } = await lab({ pools: { one: 1 } });
    await using _ = engine;
    const run = engine.start(
      fan("Polite", [{ pool: "one", retry: { attempts: 2, delay: "1m" } }, { pool: "one" }]),
      {},
    );
    (await works.next()).fail(new Error("later"));
    const second = await works.next();
    expect(second.params.x).toBe(1);
    await clock.waiting(60_000);
    clock.advance(60_000);
    await settle();
    expect(works.pending).toBe(0);
    second.finish(0);
    (await works.next()).finish(0);
    await run.result();
  });

  it("leaves nothing held behind when steps end by a cancel, running or not", async () => {
    const { works, engine } = await lab({ pools: { one: 1 } });
    await using _ = engine;
    const flow = fan("Cancelled", [{ pool: "one" }, { pool: "one" }, { pool: "one" }]);
    const run = engine.start(flow, {});
    await works.next();
    await run.cancel();
    const again = engine.start(flow, {});
    for (let n = 0; n < 3; n++) (await works.next()).finish(n);
    expect(await again.result()).toEqual([0, 1, 2]);
  });
});

describe("more than there is", () => {
  it.each([
    [{ resources: { gpu: 2 } }, /Work.* asks for 2 of the resource "gpu"; this engine has 1 in all/],
    [{ resources: { licence: 1 } }, /asks for 1 of the resource "licence"; this engine has 0 in all/],
    [{ pool: "db" }, /asks for the pool "db", which this engine does not have/],
  ] as const)("fails a step whose call asks for it: %j", async (options, message) => {
    const flow = defineFlow({ id: "TooMuch", run: (_: object, body) => body.call(work, { x: 1 }, options) });
    await using engine = await openTestEngine({ resources: { gpu: 1 } });
    await expect(engine.run(flow, {})).rejects.toMatchObject({
      code: "limit-unmeetable",
      message: expect.stringMatching(message),
    });
  });

  const SPAN = { file: "src/flow.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
  const build = (options: StepOptions) => ({
    module: `import { Flow, Task } from "millrace"; import { $site } from "millrace/stamps";
export class Render extends Task { run() { return 1; } }
export class Film extends Flow { run() { return this.call(Render, {}, $site("Film.run#Render@return")); } }`,
    tasks: { Render: { options } },
    flows: {
      Film: {
        nodes: [
          {
            kind: "call" as const,
            id: "Render",
            task: "Render",
            site: "Film.run#Render@return" as never,
            frames: [],
            span: SPAN,
          },
        ],
      },
    },
  });

  it("is refused before the run begins where the task says so, and goes with what the project's settings give", async () => {
    await using project = await handProject(build({ pool: "films", resources: { gpu: 1 } }));
    const open = () => openEngine({ cwd: project.root, store: memoryStore(), executor: "inline", observers: [] });
    {
      await using engine = await open();
      expect(() => engine.start("Film")).toThrow(
        expect.objectContaining({ code: "limit-unmeetable", message: expect.stringContaining("Step Render of Film") }),
      );
      expect(await engine.runs()).toEqual([]);
    }
    const settings = JSON.parse(project.read("package.json"));
    const millrace = { ...settings.millrace, pools: { films: 1 }, resources: { gpu: 1 } };
    project.write("package.json", JSON.stringify({ ...settings, millrace }));
    await using engine = await open();
    expect(await engine.start("Film").result()).toBe(1);
  });

  it.each([
    [{ pools: { db: 0 } }, "pools.db"],
    [{ pools: { db: 1.5 } }, "pools.db"],
    [{ resources: { gpu: -1 } }, "resources.gpu"],
    [{ resources: { gpu: Number.NaN } }, "resources.gpu"],
  ])("%j opens no engine", async (options, name) => {
    await expect(openTestEngine(options)).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining(name),
    });
  });
});

it("in threads, steps of one key never overlap, and a pool is never overfull", async () => {
  await using project = await handProject({
    module: `import { Flow, Task } from "millrace"; import { $callback, $site } from "millrace/stamps";
const P = Symbol.for("millrace.params");
export class Span extends Task { run() { const from = process.hrtime.bigint(); let n = 0; while (n < 2e5) n++; return [from, process.hrtime.bigint()]; } }
Reflect.defineMetadata(P, new Set(["x"]), Span);
export class Many extends Flow { run() { return Promise.all(Array.from({ length: 60 }, (_, x) =>
  this.call(Span, { x }, { pool: "two", ...(x % 2 ? { concurrencyKey: "odd" } : {}) }, $site("Many.run#Span")))); } }`,
    tasks: { Span: { params: { properties: { x: {} } } } },
    flows: { Many: {} },
  });
  await using engine = await openEngine({
    cwd: project.root,
    store: memoryStore(),
    threads: 3,
    observers: [],
    pools: { two: 2 },
  });
  const spans = (await engine.start("Many").result()) as [bigint, bigint][];
  expect(spans).toHaveLength(60);
  const most = (list: readonly [bigint, bigint][]): number =>
    Math.max(...list.map(([at]) => list.filter(([from, to]) => from <= at && at < to).length));
  expect(most(spans)).toBeLessThanOrEqual(2);
  expect(most(spans.filter((_, x) => x % 2 === 1))).toBe(1);
});
