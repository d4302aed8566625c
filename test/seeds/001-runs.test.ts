/** Runs of schedulers: on record, suspended, gone on with, many of one scheduler. */
import { Job, Scheduler } from "@millrace/jobs";
import { memoryStore } from "@millrace/runtime";
import { defineTask } from "@millrace/sdk";
import { openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { Held } from "./scheduler-lab.js";

describe("a run of a scheduler", () => {
  it("goes on in another process that makes the same scheduler, and does not do again what succeeded", async () => {
    const store = memoryStore();
    const did: string[] = [];
    const make = (works: boolean): readonly [Scheduler, Job<number>, Job<string>] => {
      const a = new Job(
        () => {
          did.push("a");
          return 41;
        },
        { label: "a" },
      );
      const b = new Job(
        ({ params: { n } }) => {
          did.push("b");
          if (!works) throw new Error("not yet");
          return `${n + 1}`;
        },
        { label: "b", params: { n: a.result } },
      );
      return [new Scheduler(a, b), a, b];
    };
    {
      await using engine = await openTestEngine({ store });
      expect((await make(false)[0].run(engine, { id: "r" })).ok).toBe(false);
    }
    await using engine = await openTestEngine({ store });
    const [scheduler, a, b] = make(true);
    await expect(engine.resume("r")).rejects.toThrow('"a", and the engine has no such function');
    const outcome = await (await scheduler.resume(engine, "r")).outcome();
    expect(did).toEqual(["a", "b", "b"]);
    expect([outcome.result(a), outcome.result(b)]).toEqual([41, "42"]);
    const again = await scheduler.run(engine, { id: "r", ifExists: "attach" });
    expect(again.result(b)).toBe("42");
    expect(did).toEqual(["a", "b", "b"]);
    await expect(scheduler.run(engine, { id: "r" })).rejects.toMatchObject({ code: "run-exists" });
  });

  it("keeps its jobs as they were, whatever becomes of the scheduler", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    const [a, b] = ["a", "b"].map((label) => new Job(held.job(label), { label })) as [Job, Job];
    const c = new Job(() => 1, { label: "c", critical: false }).requires(a);
    const scheduler = new Scheduler(a, b, c);
    const run = scheduler.start(engine);
    const calls = await held.take("a", "b");
    scheduler
      .remove(c)
      .keepOnly(a)
      .add(new Job(() => 1, { label: "later" }));
    calls.a?.finish("A");
    calls.b?.fail(new Error("no"));
    const outcome = await run.outcome();
    expect(outcome.why()).toBe("a CRITICAL job has raised: b: Error: no");
    expect(outcome.stats()).toBe("3D + 0R + 0I = 3");
    expect(outcome.list().split("\n").slice(0, 2)).toEqual([
      "<Job 'a' finished -> \"A\" - [allows [c]]>",
      "<Job 'b' failed => Error: no>",
    ]);
    const [later] = scheduler.jobs.slice(-1);
    expect(() => outcome.result(later as Job)).toThrow("later has no result: it is no job of scheduler.");
  });

  it("is suspended when its engine is closed in the middle of it, and has no results until it goes on", async () => {
    const store = memoryStore();
    const held = new Held();
    const done = new Job(() => 1, { label: "done" });
    const scheduler = new Scheduler(done, new Job(held.job("work"), { label: "work" }));
    const engine = await openTestEngine({ store });
    const run = scheduler.start(engine, { id: "r" });
    await held.next();
    while (!run.now().isDone(done)) await new Promise(setImmediate);
    expect(() => run.now().result(done)).toThrow("done has no result: the run is not over.");
    await engine.close();
    const outcome = await run.outcome();
    expect(outcome.ok).toBe(false);
    expect(outcome.why()).toMatch(/^SUSPENDED: .*the engine was closed/);
    expect(() => outcome.result(done)).toThrow("done has no result: the run has been suspended");
    await using next = await openTestEngine({ store });
    const resumed = await scheduler.resume(next, "r");
    (await held.next()).finish("worked");
    expect((await resumed.outcome()).result(done)).toBe(1);
  });

  it("has functions of its own: two schedulers may have a job of one label", async () => {
    await using engine = await openTestEngine();
    const [one, two] = [1, 2].map((n) => new Scheduler(new Job(() => n, { label: "b" })));
    const runs = [engine.start(one as Scheduler), engine.start(two as Scheduler)];
    expect(await Promise.all(runs.map((run) => run.result()))).toEqual([{ b: 1 }, { b: 2 }]);
  });

  it("hands on many results at once, in lists and in objects in them", async () => {
    await using engine = await openTestEngine();
    const sum = defineTask({ id: "Sum", run: (p: { of: number[]; named: { label: string; n: number }[] }) => p });
    const parts = [1, 2, 3].map((n) => new Job(() => n, { label: `n${n}` }));
    const named = parts.map(({ label, result }) => ({ label, n: result }));
    const all = new Job(sum, { of: [0, ...parts.map(({ result }) => result)], named });
    const outcome = await new Scheduler(all, parts).run(engine);
    expect(outcome.result(all)).toEqual({
      of: [0, 1, 2, 3],
      named: [1, 2, 3].map((n) => ({ label: `n${n}`, n })),
    });
    // @ts-expect-error: the results are numbers.
    new Job(sum, { of: [], named: [{ label: parts[0]?.result, n: 1 }] });
  });

  it("tells functions of one label apart, which stand in different schedulers", async () => {
    await using engine = await openTestEngine();
    const [one, two] = [1, 2].map((n) => new Job(() => n, { label: "x" }));
    const outcome = await new Scheduler(new Scheduler(one), new Scheduler(two), new Job(() => 3, { label: "x" })).run(
      engine,
    );
    expect([one, two].map((job) => job && outcome.result(job))).toEqual([1, 2]);
    expect(outcome.list().match(/'x' finished -> \d/g)).toEqual(["1", "2", "3"].map((n) => `'x' finished -> ${n}`));
  });

  it("is not failed by a job that runs forever and throws, unless that is critical", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    for (const critical of [undefined, true]) {
      const flags = critical === undefined ? {} : { critical };
      const watch = new Job(() => Promise.reject(new Error("blind")), { label: "watch", forever: true, ...flags });
      const run = new Scheduler(watch, new Job(held.job("work"), { label: "work" })).start(engine);
      const { work } = await held.take("work");
      while (!run.now().isDone(watch)) await new Promise(setImmediate);
      work?.finish();
      const outcome = await run.outcome();
      expect(outcome.ok).toBe(!critical);
      expect(outcome.of(watch)).toMatchObject({ state: "failed", error: { message: "blind" } });
    }
  });
});
