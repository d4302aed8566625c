/** The scenarios of schedulers, by their numbers: order, results, lists, failure, time, windows. */

import { renderJobGraphSvg } from "@millrace/core/picture";
import { AbstractJob, Command, Job, type JobContext, monitor, type Outcome, Scheduler, Sequence } from "@millrace/jobs";
import { memoryStore } from "@millrace/runtime";
import { defineTask } from "@millrace/sdk";
import { ManualClock, openTestEngine } from "@millrace/testing";
import { describe, expect, expectTypeOf, it } from "vitest";
import { readPicture } from "../pictures/read-picture.js";
import { Held } from "./scheduler-lab.js";

const states = (outcome: Outcome): Readonly<Record<string, string>> =>
  Object.fromEntries(outcome.scheduler.allJobs.map((job) => [job.label, outcome.of(job).state]));

describe("a scheduler", () => {
  it("1: starts all jobs without requirements in one turn, and is over when all are", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    const run = new Scheduler(["a", "b", "c"].map((name) => new Job(held.job(name), { label: name }))).start(engine);
    const calls = await held.take("a", "b", "c");
    expect(held.begun).toEqual(["a", "b", "c"]);
    for (const name of ["b", "c", "a"]) calls[name]?.finish(name);
    expect((await run.outcome()).ok).toBe(true);
  });

  it("2: begins a job when what it requires is over; results are there by job, with their types", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    const b1 = new Job(() => held.job("b1")<number>({ signal: new AbortController().signal }), { label: "b1" });
    const b2 = new Job(held.job("b2"), { label: "b2" });
    const b3 = new Job(({ params: { x } }) => `${x + 1}`, { label: "b3", params: { x: b1.result } });
    const run = new Scheduler(b1, b2, b3).start(engine);
    const calls = await held.take("b1", "b2");
    expect(run.now().isDone(b1)).toBe(false);
    calls.b2?.finish();
    calls.b1?.finish(1_000);
    const outcome = await run.outcome();
    expect(outcome.isDone(b1)).toBe(true);
    const [first, third] = [outcome.result(b1), outcome.of(b3).value];
    expectTypeOf(first).toEqualTypeOf<number>();
    expectTypeOf(third).toEqualTypeOf<string | undefined>();
    expect([first, third]).toEqual([1_000, "1001"]);
  });

  it("3: lists one line for each job in topological order", async () => {
    await using engine = await openTestEngine();
    const late = new Job(() => "late", { label: "late" });
    const bad = new Job(() => Promise.reject(new TypeError("no")), { label: "bad", critical: false });
    const first = new Job(() => ({ deep: [1, 2] }), { label: "first" });
    const takes = new Job(({ params }) => params, { label: "takes", params: { it: bad.result } });
    const outcome = await new Scheduler(late.requires(first, bad), takes, first, bad).run(engine);
    expect(outcome.list()).toBe(
      [
        "<Job 'first' finished -> { deep: [ 1, 2 ] } - [allows [late]]>",
        "<Job 'bad' failed => TypeError: no - [allows [late, takes]]>",
        "<Job 'late' finished -> 'late' - [requires [first, bad]]>".replaceAll("'late' -", '"late" -'),
        "<Job 'takes' skipped - [requires [bad]]>",
      ].join("\n"),
    );
    expect(outcome.list({ details: true, ascii: true })).toBe(
      [
        "1 ! o    first  finished -> { deep: [ 1, 2 ] }",
        "2   *    bad  failed => TypeError: no",
        '3 ! o    late  finished -> "late"  requires 1, 2',
        "4 ! -    takes  skipped  requires 2",
      ].join("\n"),
    );
  });

  it("4: ends when all but those that run forever are over; these are cancelled and have no result", async () => {
    await using engine = await openTestEngine();
    const bus: string[] = [];
    const printed: string[] = [];
    let wake = (): void => {};
    const say = (text: string): void => {
      bus.push(text);
      wake();
    };
    const monitor = new Job(
      async ({ signal }) => {
        while (!signal.aborted) {
          printed.push(...bus.splice(0));
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener("abort", () => resolve());
          });
        }
      },
      { label: "monitor", forever: true },
    );
    const jobs = ["c1", "c2", "c3"].map(
      (label) =>
        new Job(
          () => {
            say(`-> ${label}`);
            return label;
          },
          { label },
        ),
    );
    const outcome = await new Scheduler(monitor, jobs).run(engine);
    expect(outcome.ok).toBe(true);
    expect(printed).toEqual(["-> c1", "-> c2", "-> c3"]);
    expect(outcome.of(monitor)).toMatchObject({ state: "cancelled" });
    expect(() => outcome.result(monitor)).toThrow("monitor was aborted: all others were over");
    expect(outcome.list().split("\n")[0]).toBe("<Job 'monitor'[∞] cancelled>");
  });

  it("5: is refused with jobs that all run forever, and without jobs", async () => {
    await using engine = await openTestEngine();
    const endless = new Scheduler(new Job(() => {}, { label: "a", forever: true }), { label: "s" });
    expect(() => endless.start(engine)).toThrow("all jobs of s run forever, so that it would never end");
    expect(() => new Scheduler({ label: "none" }).start(engine)).toThrow("none has no jobs");
    expect(await engine.runs()).toEqual([]);
  });

  it("6: ends with a critical job that throws: others are aborted through their signals, the rest is skipped", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    const [bad, other] = ["bad", "other"].map((label) => new Job(held.job(label), { label }));
    const after = new Job(() => 1, { label: "after" }).requires(other);
    const run = new Scheduler(bad, other, after).start(engine);
    const calls = await held.take("bad", "other");
    calls.bad?.fail(new RangeError("out of cities"));
    const outcome = await run.outcome();
    expect(states(outcome)).toEqual({ bad: "failed", other: "cancelled", after: "skipped" });
    expect(calls.other?.signal.aborted).toBe(true);
    expect(outcome.ok).toBe(false);
    expect(outcome.why()).toBe("a CRITICAL job has raised: bad: RangeError: out of cities");
    expect(outcome.of(bad as Job).error?.stack).toContain("001-scheduler.test.ts");
    expect(outcome.debrief()).toContain("CRITICAL bad failed: RangeError: out of cities\n    at ");
    expect(outcome.stats()).toBe("3D + 0R + 0I = 3");
    expect(() => outcome.orThrow()).toThrow("bad of scheduler failed: out of cities");
  });

  it("7: goes on after a job that is not critical; each requirement says whether it then runs", async () => {
    await using engine = await openTestEngine();
    const bad = new Job(() => Promise.reject(new Error("no")), { label: "bad", critical: false });
    const runs = new Job(() => "ran", { label: "runs" }).requires(bad);
    const skips = new Job(() => "ran", { label: "skips" }).requires(bad, { policy: "skip-dependents" });
    const outcome = await new Scheduler(bad, runs, skips).run(engine);
    expect(states(outcome)).toEqual({ bad: "failed", runs: "finished", skips: "skipped" });
    expect(outcome.ok).toBe(true);
    expect(outcome.why()).toBe("FINE");
    expect(outcome.of(bad).error).toMatchObject({ message: "no" });
    expect(() => outcome.result(bad)).toThrow("no");
  });

  it("8: is aborted when its time is up; the timeout of a job ends that job alone", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const held = new Held();
    const slow = new Job(held.job("slow"), { label: "slow", timeout: "100ms", critical: false });
    const [long, last] = [new Job(held.job("long"), { label: "long" }), new Job(() => 1, { label: "last" })];
    const run = new Scheduler(slow, long, last.requires(long), { timeout: "250ms" }).start(engine, { clock });
    const calls = await held.take("slow", "long");
    clock.advance(100);
    while (!run.now().isDone(slow)) await new Promise(setImmediate);
    expect(calls.slow?.signal.aborted).toBe(true);
    expect(calls.long?.signal.aborted).toBe(false);
    clock.advance(150);
    const outcome = await run.outcome();
    expect(calls.long?.signal.aborted).toBe(true);
    expect(outcome.why()).toBe("TIMED OUT after 0.25s");
    expect(states(outcome)).toEqual({ slow: "failed", long: "cancelled", last: "idle" });
    expect(outcome.of(slow).error).toMatchObject({ code: "step-timeout" });
  });

  it("9: never runs more than its window; a job that throws gives its place back", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    const names = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `j${n}`);
    const run = new Scheduler(
      names.map((name) => new Job(held.job(name), { label: name })),
      { window: 4 },
    ).start(engine);
    const first = [await held.next(), await held.next(), await held.next(), await held.next()];
    await new Promise(setImmediate);
    expect(held.begun).toEqual(names.slice(0, 4));
    for (const call of first) call.finish();
    for (let i = 0; i < 4; i++) (await held.next()).finish();
    expect((await run.outcome()).ok).toBe(true);

    const [bad, ...rest] = ["bad", "x", "y"].map(
      (label) => new Job(() => (label === "bad" ? Promise.reject(new Error("no")) : label), { label, critical: false }),
    );
    const outcome = await new Scheduler(bad, rest, { window: 1 }).run(engine);
    expect(states(outcome)).toEqual({ bad: "failed", x: "finished", y: "finished" });
  });

  it("10: stands in others, with a window, a time and jobs that run forever of its own", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    const make = (critical: boolean): readonly [Scheduler, Job, Job] => {
      const work = new Job(held.job("work"), { label: "work" });
      const watch = new Job(held.job("watch"), { label: "watch", forever: true });
      return [new Scheduler(work, watch, { label: "inner", critical, window: 1, timeout: "1h" }), work, watch];
    };
    for (const critical of [true, false]) {
      const [inner] = make(critical);
      const last = new Job(() => "last", { label: "last" });
      const outer = new Scheduler(new Sequence(new Job(() => 1, { label: "begin" }), inner, last), { label: "outer" });
      const fine = outer.start(engine);
      (await held.take("work", "watch")).work?.finish("worked");
      const went = await fine.outcome();
      expect(states(went)).toEqual({
        begin: "finished",
        inner: "finished",
        work: "finished",
        watch: "cancelled",
        last: "finished",
      });
      expect(went.list().split("\n").slice(1, 4)).toEqual([
        "<Scheduler 'inner' finished - [requires [begin]] - [allows [last]]>",
        "  <Job 'work' finished -> \"worked\">",
        "  <Job 'watch'[∞] cancelled>",
      ]);
      const fails = outer.start(engine);
      (await held.take("work", "watch")).work?.fail(new Error("broke"));
      const failed = await fails.outcome();
      expect(failed.ok).toBe(!critical);
      expect(failed.why()).toBe(critical ? "a CRITICAL job has raised: inner / work: Error: broke" : "FINE");
      expect(states(failed)).toMatchObject({
        inner: "failed",
        work: "failed",
        last: critical ? "skipped" : "finished",
      });
    }
  });

  it("12: stops when it is shut down; a second time does nothing", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    const run = new Scheduler(new Job(held.job("a"), { label: "a" })).start(engine);
    const { a } = await held.take("a");
    await run.shutdown("enough");
    await run.shutdown();
    expect(a?.signal.aborted).toBe(true);
    const outcome = await run.outcome();
    expect(states(outcome)).toEqual({ a: "cancelled" });
    expect(outcome.why()).toMatch(/^SHUT DOWN: .*enough/);
  });

  it("14: run twice gives two runs with results of their own", async () => {
    await using engine = await openTestEngine();
    let n = 0;
    const count = new Job(() => ++n, { label: "count" });
    const scheduler = new Scheduler(count);
    const [first, second] = [await scheduler.run(engine, { id: "one" }), await scheduler.run(engine, { id: "two" })];
    expect([first.result(count), second.result(count)]).toEqual([1, 2]);
    expect((await engine.runs()).map(({ id }) => id).sort()).toEqual(["one", "two"]);
  });

  it("15: runs jobs of one's own, which have a `run`, their own label and details", async () => {
    await using engine = await openTestEngine();
    class Greet extends AbstractJob<string> {
      run({ signal }: JobContext): string {
        return `hello, ${signal.aborted}`;
      }

      override details(): string {
        return "says hello";
      }
    }
    const [plain, named] = [new Greet(), new Greet({ label: "ann" })];
    const outcome = await new Scheduler(plain, named).run(engine);
    const text = outcome.result(plain);
    expectTypeOf(text).toEqualTypeOf<string>();
    expect(text).toBe("hello, false");
    expect(outcome.list({ details: true, ascii: true })).toBe(
      '1 ! o    Greet  finished -> "hello, false"  says hello\n2 ! o    ann  finished -> "hello, false"  says hello',
    );
  });

  it("16: tells a subscriber every change in order, with how all then stands", async () => {
    await using engine = await openTestEngine();
    const told: string[] = [];
    const a = new Job(() => 1, { label: "a" });
    const b = new Job(() => Promise.reject(new Error("no")), { label: "b", critical: false }).requires(a);
    await new Scheduler(a, b).run(engine, {
      onChange: ({ job, from, to, error }, now) =>
        told.push(`${job.label}: ${from} > ${to}${error ? ` (${error.message})` : ""}, ${now().stats()}`),
    });
    expect(told).toEqual([
      "a: idle > running, 0D + 1R + 1I = 2",
      "a: running > finished, 1D + 0R + 1I = 2",
      "b: idle > running, 1D + 1R + 0I = 2",
      "b: running > failed (no), 2D + 0R + 0I = 2",
    ]);
  });

  it("16: shows one line for each job on a terminal, and one for each change elsewhere", async () => {
    await using engine = await openTestEngine();
    const watch = async (isTTY: boolean): Promise<string> => {
      let text = "";
      const bad = new Job(() => Promise.reject(new Error("no\n\u001b[2J")), { label: "bad", critical: false });
      const inner = new Scheduler(new Job(() => 1, { label: "work" }), { label: "inner" });
      const stream = { write: (more: string) => (text += more), isTTY, columns: 30 };
      await new Scheduler(bad, inner.requires(bad)).run(engine, { onChange: monitor({ stream, ascii: true }) });
      return text;
    };
    expect((await watch(false)).replace(/^[\d:.]+ /gm, "")).toBe(
      [
        "bad running",
        "bad failed => Error: no [2J",
        "inner running",
        "inner / work running",
        "inner / work finished",
        "inner finished",
        "",
      ].join("\n"),
    );
    const frames = (await watch(true)).split("\r\u001b[J");
    expect(frames.slice(1, 3)).toEqual([
      "1   >    bad  running\n2 ! .    inner  idle  require\n3 ! .      work  idle\n\u001b[3A",
      "1   *    bad  failed => Error\n2 ! .    inner  idle  require\n3 ! .      work  idle\n\u001b[3A",
    ]);
    expect(frames.at(-1)).toBe(
      "1   *    bad  failed => Error\n2 ! o    inner  finished  req\n3 ! o      work  finished\n",
    );
  });

  it("17: is drawn with clusters, and with marks for what is critical and what runs forever", () => {
    const inner = new Scheduler(new Job(() => 1, { label: "in" }), { label: "inner", critical: false });
    const watch = new Job(() => {}, { label: "watch", forever: true });
    const scheduler = new Scheduler(inner, new Job(() => 2, { label: "last" }).requires(inner), watch);
    expect(scheduler.draw("dot").split("\n").slice(4, -2)).toEqual([
      "  subgraph cluster_n0 {",
      '    label="inner\\ngraph"; style="rounded"; color="#64748b"',
      '    n1 [label="in\\nfunction", fillcolor="#eef2ff", color="#b91c1c", penwidth=2]',
      "  }",
      '  n2 [label="last\\nfunction", fillcolor="#eef2ff", color="#b91c1c", penwidth=2]',
      '  n3 [label="watch\\nfunction", fillcolor="#eef2ff", style="dashed,rounded,filled"]',
      '  n1 -> n2 [label=" then, whatever comes", style=dotted, arrowhead=open, ltail=cluster_n0]',
    ]);
    expect(scheduler.draw("mermaid")).toContain('  n3("watch<br/>function")\n  class n3 forever');
    const { boxes } = readPicture(renderJobGraphSvg(scheduler.toJobGraph()));
    expect([...boxes.values()].map(({ classes }) => classes.join(" "))).toEqual([
      "box container subflow",
      "box leaf step critical",
      "box leaf step critical",
      "box leaf step forever",
    ]);
  });

  it("19: hands what one command says to another; what was not said fails it", async () => {
    await using engine = await openTestEngine();
    const says = new Command("printf 'a b; $HOME'", {}, { label: "says" });
    const reads = new Command('printf "<$TEXT>$N"', { env: { TEXT: says.result.at("stdout"), N: [1] } });
    const silent = new Command("printf x", { stdout: "/dev/null" }, { label: "silent" });
    const lacks = new Command(
      "echo $TEXT",
      { env: { TEXT: silent.result.at("stdout") } },
      { label: "lacks", critical: false },
    );
    const outcome = await new Scheduler(says, reads, silent, lacks).run(engine);
    expect(outcome.result(reads)).toEqual({ code: 0, stdout: "<a b; $HOME>[1]" });
    expect(reads.label).toBe("printf");
    expect(outcome.of(lacks)).toMatchObject({ state: "failed", error: { code: "reference-missing" } });
  });

  it("19: hands results on, in part; what is not there fails the job that takes it", async () => {
    await using engine = await openTestEngine();
    const run = defineTask({ id: "Run", run: ({ command }: { command: { text: string; port?: number } }) => command });
    const find = new Job(() => ({ port: 80, names: ["x", "y"] as string[] }), { label: "find" });
    const ok = new Job(run, { command: { text: find.result.at("names").at(1), port: find.result.at("port") } });
    const lacks = new Job(
      run,
      { command: { text: find.result.at("names").at(7) } },
      { label: "lacks", critical: false },
    );
    const outcome = await new Scheduler(find, ok, lacks).run(engine);
    expect(outcome.result(ok)).toEqual({ text: "y", port: 80 });
    expect(outcome.of(lacks)).toMatchObject({ state: "failed", error: { code: "reference-missing" } });
  });
});

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
