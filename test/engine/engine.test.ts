/** The engine through its public door, on a build written by hand, inline and in memory. */
import type { Observer, RunEvent, RunStore, StepOptions } from "@millrace/core";
import { type Engine, type EngineOptions, inlineExecutor, memoryStore, openEngine } from "@millrace/runtime";
import { ManualClock, type TestProject } from "@millrace/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type HandBuild, handProject, writeBuild } from "./hand-built.js";

const HEAD = `
import { FatalError, Flow, RetryableError, Task } from "millrace";
import { $callback, $method, $site } from "millrace/stamps";
const P = Symbol.for("millrace.params");
const params = (cls, ...names) => Reflect.defineMetadata(P, new Set(names), cls);
export class Work extends Task {
  run() { return globalThis.work(this.x, this.info, this.signal); }
  onRestart() { globalThis.restarts?.push(this.info.step); }
}
params(Work, "x");
`;

/** What the task \`Work\` does, by its parameter. */
type Work = (
  x: unknown,
  info: { step: string; attempt: number; idempotencyKey: string },
  signal: AbortSignal,
) => unknown;
const shared = globalThis as unknown as { work: Work; restarts: string[] | undefined };

/** Work that ends only when it is told to. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface World {
  readonly project: TestProject;
  readonly store: RunStore;
  open(options?: EngineOptions): Promise<Engine>;
  /** Makes changed flows the current build. */
  rebuild(flows: Readonly<Record<string, string>>, tasksVersion?: string): Promise<void>;
}

/** A hand-written build of flows given as the bodies of their classes. */
function buildOf(
  flows: Readonly<Record<string, string>>,
  options: StepOptions,
  hash: string,
  tasksVersion: string,
): HandBuild {
  const any = { properties: { x: {}, n: {} } };
  return {
    hash,
    module:
      HEAD +
      Object.entries(flows)
        .map(([name, body]) => `export class ${name} extends Flow { ${body} }\nparams(${name}, "x", "n");`)
        .join("\n"),
    tasks: { Work: { params: any, options, fingerprint: tasksVersion } },
    flows: Object.fromEntries(Object.entries(flows).map(([name, body]) => [name, { params: any, fingerprint: body }])),
  };
}

/** A project with flows given as the bodies of their classes. */
async function world(flows: Readonly<Record<string, string>>, options: StepOptions = {}): Promise<World> {
  const project = await handProject(buildOf(flows, options, "first", "1"));
  const store = memoryStore();
  closers.push(() => project.remove());
  return {
    project,
    store,
    rebuild: async (changed, tasksVersion = "1") =>
      writeBuild(project, buildOf(changed, options, "second", tasksVersion)),
    open: async (more) => {
      const engine = await openEngine({
        cwd: project.root,
        store,
        executor: inlineExecutor({ width: 4 }),
        observers: [],
        ...more,
      });
      closers.push(() => engine.close());
      return engine;
    },
  };
}

async function collect(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe("a run", () => {
  it("gives the flow's result, counts its steps, and tells its life in order", async () => {
    shared.work = (x) => (x as number) * 2;
    const { open } = await world({
      Double: `async run() { const a = await this.call(Work, { x: this.n }, $site("Double.run#Work@a")); return this.call(Work, { x: a }, $site("Double.run#Work@return")); }`,
    });
    const engine = await open();
    const run = engine.start("Double", { n: 3 });
    const events = collect(run.events());
    expect(await run.result()).toBe(12);
    expect(run.totals).toEqual({ total: 2, succeeded: 2, failed: 0, skipped: 0, aborted: 0, restored: 0, cached: 0 });
    const told = (await events).map((e) => e.type);
    expect(told.filter((t) => t !== "warning")).toEqual([
      "run-started",
      ...["step-ready", "step-running", "step-settled"],
      ...["step-ready", "step-running", "step-settled"],
      "run-ended",
    ]);
  });

  it.each([
    ["threads", 0],
    ["maxConcurrency", -1],
    ["maxConcurrency", Number.NaN],
  ])("is not opened with %s %d", async (option, value) => {
    const { open } = await world({ Report: "async run() { return 1; }" });
    await expect(open({ [option]: value })).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining(option),
    });
  });

  it("refuses an unknown flow by its nearest name, and a taken id", async () => {
    shared.work = () => 1;
    const { open } = await world({ Report: "async run() { return 1; }" });
    const engine = await open();
    expect(() => engine.start("Reprot")).toThrow(
      expect.objectContaining({ code: "unknown-flow", hint: expect.stringContaining('"Report"') }),
    );
    await engine.start("Report", {}, { id: "one" }).result();
    await expect(engine.start("Report", {}, { id: "one" }).result()).rejects.toMatchObject({ code: "run-exists" });
  });

  it("gives a failed step's error to the body, which may go on", async () => {
    shared.work = (x) => {
      if (x === "bad") throw new TypeError("no good");
      return x;
    };
    const { open } = await world({
      Careful: `async run() { try { await this.call(Work, { x: "bad" }, $site("C#Work@a")); } catch (e) { return this.call(Work, { x: e.name + ": " + e.message }, $site("C#Work@b")); } }`,
    });
    expect(await (await open()).start("Careful").result()).toBe("TypeError: no good");
  });

  it("ends as failed with the flow's own error", async () => {
    shared.work = () => {
      throw new RangeError("out of range");
    };
    const { open } = await world({ Fails: `async run() { await this.call(Work, {}, $site("F#Work")); }` });
    const run = (await open()).start("Fails");
    await expect(run.result()).rejects.toMatchObject({ name: "RangeError", message: "out of range" });
    expect(run.state).toBe("failed");
  });

  it("aborts, awaits and records what the body left running", async () => {
    const seen: string[] = [];
    shared.work = (x, _info, signal) =>
      x === "slow"
        ? new Promise((_, reject) =>
            signal.addEventListener("abort", () => {
              seen.push("aborted");
              reject(new Error("stop"));
            }),
          )
        : x;
    const { open } = await world({
      Leaves: `async run() { this.call(Work, { x: "slow" }, $site("L#Work@slow")); return this.call(Work, { x: 1 }, $site("L#Work@return")); }`,
    });
    const run = (await open()).start("Leaves");
    expect(await run.result()).toBe(1);
    expect(seen).toEqual(["aborted"]);
    expect(run.totals).toMatchObject({ succeeded: 1, aborted: 1 });
  });

  it("starts nothing for a branch that goes on in the very turn in which the flow has ended", async () => {
    const ran: unknown[] = [];
    shared.work = (x) => {
      ran.push(x);
      return x;
    };
    const { open, store } = await world({
      Ends: `async run() {
        const p = this.call(Work, { x: "first" }, $site("E#Work@p"));
        p.then(async () => { for (let i = 0; i < 20; i++) await null; await this.call(Work, { x: "after" }, $site("E#Work@after")).catch((e) => { globalThis.lateError = e; }); });
        return p;
      }`,
    });
    const engine = await open();
    const run = engine.start("Ends");
    expect(await run.result()).toBe("first");
    await engine.close();
    expect(ran).toEqual(["first"]);
    expect((globalThis as unknown as { lateError: unknown }).lateError).toMatchObject({ code: "step-aborted" });
    expect((await store.list({ run: run.id }))[0]?.state).toBe("succeeded");
  });

  it("says what a call cannot send, with its path", async () => {
    shared.work = () => 1;
    const { open } = await world({
      Sends: `async run() { await this.call(Work, { x: { inner: [() => 1] } }, $site("S#Work")); }`,
    });
    await expect((await open()).start("Sends").result()).rejects.toMatchObject({
      code: "value-not-sendable",
      message: expect.stringContaining("In a call of Work by Sends, params.x.inner[0] is a function"),
    });
  });

  it("refuses calls inside the function of a local step", async () => {
    shared.work = () => 1;
    const { open } = await world({
      Nested: `async run() { return this.step("s", () => this.call(Work, {}, $site("N#Work")), $site("N#step:s")); }`,
    });
    await expect((await open()).start("Nested").result()).rejects.toMatchObject({ code: "flow-misuse" });
  });

  it("ends a flow, not the process, when a helper's promise rejects before it is awaited", async () => {
    shared.work = (x) => x;
    const { open } = await world({
      Stray: `async bad() { await this.call(Work, {}, $site("S#Work@bad")); throw new Error("stray"); }
              async run() { const p = this.bad(); for (let i = 0; i < 5; i++) await this.call(Work, { x: i }, $site("S#Work@x")); await p; }`,
    });
    await expect((await open()).start("Stray").result()).rejects.toThrow("stray");
  });

  it("names calls that the manifest does not know: a warning, an error when strict", async () => {
    shared.work = () => 1;
    const { open } = await world({ Dynamic: `async run() { return this.call(Work, {}); }` });
    const run = (await open()).start("Dynamic");
    const events = collect(run.events());
    await run.result();
    expect((await events).find((e) => e.type === "warning")).toMatchObject({ code: "unknown-site" });
    await expect((await open({ strict: true })).start("Dynamic").result()).rejects.toMatchObject({
      code: "unknown-site",
    });
  });

  it("switches off an observer that throws, and runs on", async () => {
    shared.work = () => 1;
    const { open } = await world({ One: `async run() { return this.call(Work, {}, $site("O#Work")); }` });
    let calls = 0;
    const bad: Observer = {
      name: "bad",
      on: () => {
        calls++;
        throw new Error("observer");
      },
    };
    expect(await (await open({ observers: [bad] })).start("One").result()).toBe(1);
    expect(calls).toBe(1);
  });
});

describe("retry", () => {
  const FLOW = { Retries: `async run() { return this.call(Work, {}, $site("R#Work")); }` };

  it("waits as the back-off says and gives every attempt the same idempotency key", async () => {
    const clock = new ManualClock();
    const keys = new Set<string>();
    shared.work = (_x, info) => {
      keys.add(info.idempotencyKey);
      if (info.attempt < 3) throw new Error(`attempt ${info.attempt}`);
      return info.attempt;
    };
    const { open } = await world(FLOW, { retry: { attempts: 3, backoff: "exponential", delay: "1s" } });
    const run = (await open({ clock })).start("Retries");
    const events = collect(run.events());
    await clock.waiting(1_000);
    clock.advance(1_000);
    await clock.waiting(2_000);
    clock.advance(2_000);
    expect(await run.result()).toBe(3);
    expect(keys.size).toBe(1);
    const failed = (await events).filter((e) => e.type === "attempt-failed");
    expect(failed.map((e) => e.retryAt - e.at)).toEqual([1_000, 2_000]);
  });

  it("keeps the budget over a restart: an interrupted pause does not buy attempts", async () => {
    const attempts: number[] = [];
    const keys = new Set<string>();
    shared.work = (_x, info) => {
      attempts.push(info.attempt);
      keys.add(info.idempotencyKey);
      throw new Error(`attempt ${info.attempt}`);
    };
    const { open } = await world(FLOW, { retry: { attempts: 3, delay: "1h" } });
    const clock = new ManualClock();
    const first = await open({ clock });
    const run = first.start("Retries", {}, { id: "budget" });
    await clock.waiting(3_600_000);
    await first.close();
    expect((await run.outcome()).status).toBe("suspended");
    const second = await open({ clock });
    const resumed = await second.resume("budget");
    await clock.waiting(3_600_000);
    clock.advance(3_600_000);
    await expect(resumed.result()).rejects.toThrow("attempt 3");
    expect(attempts).toEqual([1, 2, 3]);
    // One key for all attempts, those after the resume included.
    expect(keys.size).toBe(1);
  });

  it("stops at once for a FatalError, and at errors that retryOn does not name", async () => {
    const { open } = await world(FLOW, { retry: { attempts: 5, retryOn: ["RangeError"] } });
    let attempts = 0;
    shared.work = () => {
      attempts++;
      throw new TypeError("other");
    };
    await expect((await open()).start("Retries").result()).rejects.toThrow("other");
    expect(attempts).toBe(1);
  });
});

describe("map", () => {
  const MAP = (options: string): Record<string, string> => ({
    Maps: `async run() { return this.map([3, 1, 2], (x) => this.call(Work, { x }, $site("M#Work")), ${options}, $site("M#map")); }`,
  });

  it("keeps the order of items and never runs more than its concurrency", async () => {
    let now = 0;
    let most = 0;
    shared.work = async (x) => {
      most = Math.max(most, ++now);
      for (let i = 0; i < (x as number); i++) await new Promise((resolve) => setImmediate(resolve));
      now--;
      return (x as number) * 10;
    };
    const { open } = await world(MAP("{ concurrency: 2 }"));
    expect(await (await open()).start("Maps").result()).toEqual([30, 10, 20]);
    expect(most).toBe(2);
  });

  it("aborts the rest at the first failure, then rejects with it", async () => {
    const aborted: unknown[] = [];
    shared.work = (x, _info, signal) => {
      if (x === 1) throw new Error("one");
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          aborted.push(x);
          reject(signal.reason);
        }),
      );
    };
    const { open } = await world(MAP("{}"));
    const run = (await open()).start("Maps");
    await expect(run.result()).rejects.toThrow("one");
    expect(aborted.sort()).toEqual([2, 3]);
    expect(run.totals).toMatchObject({ failed: 1, aborted: 2 });
  });

  it("refuses two items with the same key, naming both", async () => {
    shared.work = (x) => x;
    const { open } = await world(MAP("{ key: () => 'same' }"));
    await expect((await open()).start("Maps").result()).rejects.toMatchObject({
      code: "flow-misuse",
      message: expect.stringContaining("items 0 and 1"),
    });
  });
});

describe("resume", () => {
  it("tries again the failure that ended the run, and only that", async () => {
    const ran: unknown[] = [];
    let broken = true;
    shared.restarts = [];
    shared.work = (x) => {
      ran.push(x);
      if (x === "caught" || (x === "fatal" && broken)) throw new Error(String(x));
      return x;
    };
    const { open } = await world({
      Mends: `async run() {
        const a = await this.call(Work, { x: "first" }, $site("M#Work@a"));
        await this.call(Work, { x: "caught" }, $site("M#Work@b")).catch(() => {});
        const c = await this.call(Work, { x: "fatal" }, $site("M#Work@c"));
        return a + c;
      }`,
    });
    const engine = await open();
    await expect(engine.start("Mends", {}, { id: "m" }).result()).rejects.toThrow("fatal");
    broken = false;
    const run = await engine.resume("m");
    expect(await run.result()).toBe("firstfatal");
    expect(ran).toEqual(["first", "caught", "fatal", "fatal"]);
    expect(run.totals).toMatchObject({ total: 3, restored: 2, failed: 1 });
    expect(shared.restarts).toHaveLength(1);
    await expect(engine.resume("m")).rejects.toMatchObject({ code: "run-not-resumable" });
  });

  it("tries again, with a failure in a map, what failed beside it and what it aborted", async () => {
    let broken = true;
    const ran: unknown[] = [];
    let allStarted = (): void => {};
    const started = new Promise<void>((resolve) => {
      allStarted = resolve;
    });
    shared.work = async (x, _info, signal) => {
      ran.push(x);
      if (ran.length === 5) allStarted();
      if (x === "fine" || !broken) return x;
      if (x === "hangs" || x === "caught") return untilAborted(signal);
      await started;
      throw new Error(String(x));
    };
    const { open } = await world({
      Inner: `async run() {
        return this.map(["fine", "one", "two", "hangs", "caught"], async (x) => {
          const work = this.call(Work, { x }, $site("I#Work"));
          return x === "caught" ? work.catch(() => "instead") : work;
        }, {}, $site("I#map"));
      }`,
      Outer: `async run() { return this.map([1], () => this.call(Inner, {}, $site("O#Inner")), {}, $site("O#map")); }`,
    });
    const engine = await open();
    await expect(engine.start("Outer", {}, { id: "m" }).result()).rejects.toThrow("one");
    broken = false;
    const run = await engine.resume("m");
    expect(await run.result()).toEqual([["fine", "one", "two", "hangs", "caught"]]);
    expect(ran.slice(5).sort()).toEqual(["caught", "hangs", "one", "two"]);
  });

  it("finds a failure inside a sub-flow that failed the run", async () => {
    let broken = true;
    const ran: unknown[] = [];
    shared.work = (x) => {
      ran.push(x);
      if (x === "deep" && broken) throw new Error("deep");
      return x;
    };
    const { open } = await world({
      Inner: `async run() { await this.call(Work, { x: "in" }, $site("I#Work@a")); return this.call(Work, { x: "deep" }, $site("I#Work@b")); }`,
      Outer: `async run() { try { return await this.call(Inner, {}, $site("O#Inner")); } catch (e) { throw new Error("wrapped", { cause: e }); } }`,
    });
    const engine = await open();
    await expect(engine.start("Outer", {}, { id: "o" }).result()).rejects.toThrow("wrapped");
    broken = false;
    const run = await engine.resume("o");
    expect(await run.result()).toBe("deep");
    expect(ran).toEqual(["in", "deep", "deep"]);
  });

  it("restores a settled sub-flow whole and counts what stands inside", async () => {
    const ran: unknown[] = [];
    shared.work = (x, _info, signal) => {
      ran.push(x);
      if (x === "hang") return untilAborted(signal);
      return x;
    };
    const { open } = await world({
      Inner: `async run() { await this.call(Work, { x: 1 }, $site("I#Work@a")); return this.call(Work, { x: 2 }, $site("I#Work@b")); }`,
      Outer: `async run() { const v = await this.call(Inner, {}, $site("O#Inner")); return v + (await this.call(Work, { x: this.n }, $site("O#Work"))); }`,
    });
    const first = await open();
    const run = first.start("Outer", { n: "hang" }, { id: "o" });
    for await (const event of run.events()) if (event.type === "step-settled" && event.step.task === "Inner") break;
    await first.close();
    shared.work = (x) => {
      ran.push(x);
      return "!";
    };
    const resumed = await (await open()).resume("o");
    expect(await resumed.result()).toBe("2!");
    expect(ran.filter((x) => x !== "hang")).toEqual([1, 2]);
    expect(resumed.totals).toMatchObject({ total: 4, restored: 3 });
  });

  it("stops a body that takes another way although its code is unchanged, before any effect; accept goes on", async () => {
    const ran: unknown[] = [];
    shared.work = (x, _info, signal) => {
      ran.push(x);
      if (x === "hang") return untilAborted(signal);
      return x;
    };
    const flip = globalThis as unknown as { way: string };
    flip.way = "left";
    const { open } = await world({
      Sways: `async run() { await this.call(Work, { x: globalThis.way }, $site("S#Work@a")); return this.call(Work, { x: globalThis.last }, $site("S#Work@b")); }`,
    });
    (globalThis as unknown as { last: string }).last = "hang";
    const first = await open();
    const run = first.start("Sways", {}, { id: "s" });
    for await (const event of run.events()) if (event.type === "step-settled") break;
    await first.close();
    flip.way = "right";
    (globalThis as unknown as { last: string }).last = "end";
    ran.length = 0;
    const second = await open();
    const diverged = await second.resume("s");
    await expect(diverged.result()).rejects.toMatchObject({
      code: "replay-diverged",
      message: expect.stringContaining("S#Work@a"),
    });
    expect(ran).toEqual([]);
    const accepted = await second.resume("s", { accept: true });
    expect(await accepted.result()).toBe("end");
    expect(ran).toEqual(["right", "end"]);
  });

  it("calls a body that waits for nothing stalled, by name", async () => {
    shared.work = (x) => x;
    const clock = new ManualClock();
    const { open } = await world({
      Waits: `async run() { await this.call(Work, { x: 1 }, $site("W#Work@last")); await new Promise(() => {}); }`,
    });
    const run = (await open({ clock })).start("Waits");
    await clock.waiting(5_000);
    while ((await Promise.race([run.outcome(), Promise.resolve(undefined)])) === undefined) {
      clock.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect(run.result()).rejects.toMatchObject({
      code: "stalled",
      message: expect.stringContaining("W#Work@last"),
    });
  });

  it("gives now, random and uuid the same answers again", async () => {
    const said: unknown[] = [];
    (globalThis as unknown as { say: (x: unknown) => void }).say = (x) => said.push(x);
    let hang = true;
    shared.work = (x, _info, signal) => (x === 2 && hang ? untilAborted(signal) : x);
    const { open } = await world({
      Tells: `async run() { say([this.now(), this.random(), this.uuid()]); await this.call(Work, { x: 1 }, $site("T#Work@a")); say([this.now(), this.random(), this.uuid()]); await this.call(Work, { x: 2 }, $site("T#Work@b")); }`,
    });
    const first = await open();
    const run = first.start("Tells", {}, { id: "t" });
    for await (const event of run.events()) if (event.type === "step-settled") break;
    while (said.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await first.close();
    hang = false;
    await (await (await open()).resume("t")).result();
    expect(said).toHaveLength(4);
    expect(said.slice(2)).toEqual(said.slice(0, 2));
    expect(said[0]).not.toEqual(said[1]);
  });
});

describe("resume after a change of the code", () => {
  const BEFORE = {
    Edits: `async run() {
      const a = await this.call(Work, { x: "a" }, $site("E.run#Work@a"));
      const b = await this.call(Work, { x: "b" }, $site("E.run#Work@b"));
      return a + b + (await this.call(Work, { x: "last" }, $site("E.run#Work@last")));
    }`,
  };
  const ran: unknown[] = [];

  /** Runs until the last step hangs, then closes: a and b are on record. */
  async function interrupted(): Promise<World> {
    const w = await world(BEFORE);
    shared.work = (x, _info, signal) => (x === "last" ? untilAborted(signal) : `${x}1`);
    const engine = await w.open();
    const run = engine.start("Edits", {}, { id: "e" });
    let settled = 0;
    for await (const event of run.events()) if (event.type === "step-settled" && ++settled === 2) break;
    await engine.close();
    ran.length = 0;
    shared.work = (x) => {
      ran.push(x);
      return `${x}2`;
    };
    return w;
  }

  it("keeps what still fits, runs what is new, and lists what is no longer asked for", async () => {
    const { rebuild, open, store } = await interrupted();
    await rebuild({
      Edits: `async run() {
        const c = await this.call(Work, { x: "new" }, $site("E.run#Work@c"));
        const a = await this.call(Work, { x: "a" }, $site("E.run#Work@a"));
        return c + a + (await this.call(Work, { x: "last" }, $site("E.run#Work@last")));
      }`,
    });
    const run = await (await open()).resume("e");
    expect(await run.result()).toBe("new2a1last2");
    expect(ran).toEqual(["new", "last"]);
    expect(run.totals).toMatchObject({ total: 3, restored: 1 });
    const facts = [];
    for await (const fact of store.read(run.id)) facts.push(fact);
    const orphan = facts.find((f) => f.kind === "step-settled" && f.site === "E.run#Work@b");
    expect(facts.at(-1)).toMatchObject({ kind: "run-ended", orphans: [orphan?.seq] });
  });

  it("finds a record of the same site under another key, and finds it there again", async () => {
    const { rebuild, open } = await interrupted();
    const moved = {
      Edits: `async run() {
        const again = [];
        for (const x of ["first", "a"]) again.push(await this.call(Work, { x }, $site("E.run#Work@a")));
        return again.join() + (await this.call(Work, { x: globalThis.stop ? "hang" : "last" }, $site("E.run#Work@last")));
      }`,
    };
    await rebuild(moved);
    const flag = globalThis as unknown as { stop: boolean };
    flag.stop = true;
    shared.work = (x, _info, signal) => {
      ran.push(x);
      return x === "hang" ? untilAborted(signal) : `${x}2`;
    };
    const engine = await open();
    const run = await engine.resume("e");
    for await (const event of run.events()) if (event.type === "step-running" && ran.includes("hang")) break;
    while (!ran.includes("hang")) await new Promise((resolve) => setImmediate(resolve));
    await engine.close();
    expect(ran).toEqual(["first", "hang"]);
    ran.length = 0;
    flag.stop = false;
    expect(await (await (await open()).resume("e")).result()).toBe("first2,a1last2");
    expect(ran).toEqual(["last"]);
  });

  it("runs a changed task again", async () => {
    const { rebuild, open } = await interrupted();
    await rebuild(BEFORE, "2");
    expect(await (await (await open()).resume("e")).result()).toBe("a2b2last2");
    expect(ran).toEqual(["a", "b", "last"]);
  });

  it("goes on with the recorded build when asked to", async () => {
    const { rebuild, open } = await interrupted();
    await rebuild({ Edits: "async run() { return 'other'; }" });
    expect(await (await (await open()).resume("e", { code: "recorded" })).result()).toBe("a1b1last2");
    expect(ran).toEqual(["last"]);
  });
});

describe("cancel and close", () => {
  const HANGS = {
    Hangs: `async run() { try { await this.call(Work, {}, $site("H#Work")); } finally { globalThis.cleaned = true; } }`,
  };

  it("cancel aborts the run for good; only reopen goes on", async () => {
    let hang = true;
    shared.work = (_x, _info, signal) => (hang ? untilAborted(signal) : "done");
    const { open } = await world(HANGS);
    const engine = await open();
    const run = engine.start("Hangs", {}, { id: "h" });
    for await (const event of run.events()) if (event.type === "step-running") break;
    await run.cancel("no longer needed");
    await expect(run.result()).rejects.toMatchObject({
      code: "run-aborted",
      message: expect.stringContaining("no longer needed"),
    });
    expect(run.totals).toMatchObject({ aborted: 1 });
    await expect(engine.resume("h")).rejects.toMatchObject({ code: "run-not-resumable" });
    hang = false;
    expect((await (await engine.resume("h", { reopen: true })).outcome()).status).toBe("succeeded");
  });

  it("close interrupts: nothing is settled, the step runs again", async () => {
    let hang = true;
    shared.work = (_x, _info, signal) => {
      return hang ? untilAborted(signal) : "again";
    };
    const { open } = await world({ Hangs: `async run() { return this.call(Work, {}, $site("H#Work")); }` });
    const first = await open();
    const run = first.start("Hangs", {}, { id: "h" });
    for await (const event of run.events()) if (event.type === "step-running") break;
    await first.close();
    expect(await run.outcome()).toMatchObject({ status: "suspended", reason: "interrupt", totals: { total: 0 } });
    expect(() => first.start("Hangs")).toThrow(expect.objectContaining({ code: "engine-closed" }));
    hang = false;
    expect(await (await (await open()).resume("h")).result()).toBe("again");
  });

  it("ends at once when cancelled or closed before its first step, and leaves a whole record", async () => {
    shared.work = () => 1;
    const { open, store } = await world({ Hangs: `async run() { return this.call(Work, {}, $site("H#Work")); }` });
    const engine = await open();
    const cancelled = engine.start("Hangs", {}, { id: "c" });
    await cancelled.cancel();
    expect((await cancelled.outcome()).status).toBe("aborted");
    const closed = engine.start("Hangs", {}, { id: "d" });
    await engine.close();
    expect(await closed.outcome()).toMatchObject({ status: "suspended", reason: "interrupt" });
    expect((await store.list()).map(({ id, state }) => [id, state]).sort()).toEqual([
      ["c", "aborted"],
      ["d", "suspended"],
    ]);
    expect(await (await (await open()).resume("d")).result()).toBe(1);
  });

  it("closes while a body that has ended waits for what it left running; a resume ends it", async () => {
    let asked = false;
    let stop = (): void => {};
    shared.work = (x, _info, signal) =>
      x === "slow"
        ? new Promise((resolve) =>
            signal.addEventListener("abort", () => {
              asked = true;
              stop = () => resolve("late");
            }),
          )
        : x;
    const { open, store } = await world({
      Leaves: `async run() { this.call(Work, { x: "slow" }, $site("L#Work@slow")); return this.call(Work, { x: 1 }, $site("L#Work@return")); }`,
    });
    const engine = await open();
    const run = engine.start("Leaves", {}, { id: "l" });
    for await (const event of run.events()) if (event.type === "step-settled") break;
    const closing = engine.close();
    while (!asked) await new Promise((resolve) => setImmediate(resolve));
    stop();
    await closing;
    expect(["succeeded", "suspended"]).toContain((await run.outcome()).status);
    shared.work = (x) => x;
    const [listed] = await store.list({ run: run.id });
    if (listed?.state === "suspended") expect(await (await (await open()).resume("l")).result()).toBe(1);
  });

  it("leaves runs whose flow is gone as they are when it recovers, and goes on with the others", async () => {
    let hang = true;
    shared.work = (_x, _info, signal) => (hang ? untilAborted(signal) : "done");
    const body = (letter: string): string => `async run() { return this.call(Work, {}, $site("${letter}#Work")); }`;
    const { open, store, rebuild } = await world({ Gone: body("G"), Stays: body("S") });
    const first = await open();
    const runs = [first.start("Gone", {}, { id: "gone" }), first.start("Stays", {}, { id: "stays" })];
    await Promise.all(
      runs.map(async (run) => {
        for await (const event of run.events()) if (event.type === "step-running") break;
      }),
    );
    await first.close();
    hang = false;
    await rebuild({ Stays: body("S") });
    await open({ recover: "auto" });
    while ((await store.list({ flow: "Stays" }))[0]?.state !== "succeeded")
      await new Promise((resolve) => setImmediate(resolve));
    expect((await store.list({ flow: "Gone" }))[0]).toMatchObject({ state: "suspended", reason: "interrupt" });
  });

  it("recovers interrupted runs by itself when asked to", async () => {
    let hang = true;
    shared.work = (_x, _info, signal) => (hang ? untilAborted(signal) : "done");
    const { open, store } = await world({ Hangs: `async run() { return this.call(Work, {}, $site("H#Work")); }` });
    const first = await open();
    const run = first.start("Hangs", {}, { id: "h" });
    for await (const event of run.events()) if (event.type === "step-running") break;
    await first.close();
    hang = false;
    await open({ recover: "auto" });
    while ((await store.list({ flow: "Hangs" }))[0]?.state !== "succeeded")
      await new Promise((resolve) => setImmediate(resolve));
  });
});
