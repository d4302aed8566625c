/** The scenarios of schedulers, by their numbers: order, results, lists, failure, time, windows. */

import { AbstractJob, Job, type JobContext, type Outcome, Scheduler, Sequence } from "@millrace/jobs";
import { ManualClock, openTestEngine } from "@millrace/testing";
import { describe, expect, expectTypeOf, it } from "vitest";
import { readDot } from "../pictures/read-dot.js";
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

  it("10: holds an inner scheduler to its own window and time, and others to theirs", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const held = new Held();
    const named = (label: string): Job => new Job(held.job(label), { label });
    const inner = new Scheduler(named("one"), named("two"), {
      label: "inner",
      window: 1,
      timeout: "100ms",
      critical: false,
    });
    const run = new Scheduler(inner, named("a"), named("b"), { timeout: "1h" }).start(engine, { clock });
    const { a, b, one } = await held.take("one", "a", "b");
    one?.finish();
    const two = await held.next();
    expect(held.begun).toEqual(["one", "a", "b", "two"]);
    clock.advance(100);
    while (!run.now().isDone(inner)) await new Promise(setImmediate);
    expect([two, a, b].map((call) => call?.signal.aborted)).toEqual([true, false, false]);
    a?.finish();
    b?.finish();
    const outcome = await run.outcome();
    expect(states(outcome)).toEqual({
      inner: "failed",
      one: "finished",
      two: "cancelled",
      a: "finished",
      b: "finished",
    });
    expect([outcome.ok, outcome.why()]).toEqual([true, "FINE"]);
    expect(outcome.of(inner).error).toMatchObject({ code: "flow-timeout" });
  });

  it("10: a critical failure goes outwards as far as schedulers are critical", async () => {
    await using engine = await openTestEngine();
    for (const critical of [true, false]) {
      const work = new Job(() => Promise.reject(new Error("broke")), { label: "work" });
      const deepest = new Scheduler(work, { label: "deepest" });
      const middle = new Scheduler(deepest, new Job(() => 1, { label: "beside" }).requires(deepest), {
        label: "middle",
        critical,
      });
      const last = new Job(() => "last", { label: "last" }).requires(middle);
      const outcome = await new Scheduler(middle, last, { label: "outer" }).run(engine);
      expect(states(outcome)).toEqual({
        middle: "failed",
        deepest: "failed",
        work: "failed",
        beside: "skipped",
        last: critical ? "skipped" : "finished",
      });
      expect(outcome.why()).toBe(
        critical ? "a CRITICAL job has raised: middle / deepest / work: Error: broke" : "FINE",
      );
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

  it("14: run twice at once gives two runs that know nothing of each other", async () => {
    await using engine = await openTestEngine();
    const held = new Held();
    const first = new Job(() => held.job("first")<number>({ signal: new AbortController().signal }), {
      label: "first",
    });
    const tenfold = new Job(({ params: { n } }) => n * 10, { label: "tenfold", params: { n: first.result } });
    const scheduler = new Scheduler(first, tenfold);
    const runs = [scheduler.start(engine), scheduler.start(engine)];
    const calls = [await held.next(), await held.next()];
    calls[1]?.finish(2);
    expect((await runs[1]?.outcome())?.result(tenfold)).toBe(20);
    expect(runs[0]?.now().stats()).toBe("0D + 1R + 1I = 2");
    calls[0]?.finish(1);
    expect((await runs[0]?.outcome())?.result(tenfold)).toBe(10);
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

  it("17: is drawn in a DOT that is read back: clusters in clusters, marks, arrows, whatever the labels are", () => {
    const labels = ['say "hi"', "a\\b\\", "<b>&</b>", "{x|y}; // z", "[1]", "two\nlines", "数 # 1"];
    const deep = labels.map((label) => new Job(() => label, { label }));
    const deepest = new Scheduler(new Sequence(deep), { label: "deepest", critical: false });
    const watch = new Job(() => {}, { label: "watch", forever: true });
    const middle = new Scheduler(deepest, watch, { label: "middle" });
    const first = new Job(() => 1, { label: "first" });
    const last = new Job(() => 1, { label: "last" }).requires(middle);
    const takes = new Job(() => 1, { label: "takes", params: { "a b": first.result }, critical: false });
    const { nodes, clusters, edges } = readDot(new Scheduler(first, middle.requires(first), takes, last).draw("dot"));
    const titleOf = (name: string): string => (nodes.get(name)?.attributes.label ?? "").replace(/\n[^\n]*$/, "");
    const names = new Map([...nodes.keys()].map((name) => [titleOf(name), name] as const));
    const at = (title: string) => nodes.get(names.get(title) ?? "");
    const [outside, inside] = [...clusters.keys()];
    expect([...clusters.values()].map(({ within, attributes: { label, color } }) => [label, within, color])).toEqual([
      ["middle\ngraph", undefined, "#b91c1c"],
      ["deepest\ngraph", outside, "#64748b"],
    ]);
    const shownLabels = labels.map((label) => label.replace("\n", " "));
    expect(shownLabels.map((label) => at(label)?.within)).toEqual(labels.map(() => inside));
    expect(at("watch")).toMatchObject({ within: outside, attributes: { style: "dashed,rounded,filled" } });
    expect(at("first")?.attributes).toMatchObject({ color: "#b91c1c", penwidth: "2" });
    expect(at("takes")?.attributes).not.toHaveProperty("penwidth");
    expect(
      edges.map(({ from, to, attributes: { label, lhead } }) => [titleOf(from), titleOf(to), label, lhead]),
    ).toEqual(
      expect.arrayContaining([
        ["first", "takes", " a b", undefined],
        ["first", shownLabels[0], undefined, outside],
        ...shownLabels.slice(1).map((label, i) => [shownLabels[i], label, undefined, undefined]),
      ]),
    );
    expect(edges).toHaveLength(labels.length + 2);
    // Not from what runs forever: `last` would stand beside it.
    const leaving = edges.find(({ attributes }) => attributes.ltail === outside);
    expect([titleOf(leaving?.from ?? ""), titleOf(leaving?.to ?? "")]).toEqual([shownLabels.at(-1), "last"]);
  });

  it("17: is drawn with clusters, and with marks for what is critical and what runs forever", async () => {
    const inner = new Scheduler(new Job(() => 1, { label: "in" }), { label: "inner", critical: false });
    const watch = new Job(() => {}, { label: "watch", forever: true });
    const scheduler = new Scheduler(inner, new Job(() => 2, { label: 'the "last" one' }).requires(inner), watch);
    expect(scheduler.draw("dot").split("\n").slice(4, -2)).toEqual([
      "  subgraph cluster_n0 {",
      '    label="inner\\ngraph"; style="rounded"; color="#64748b"',
      '    n1 [label="in\\nfunction", fillcolor="#eef2ff", color="#b91c1c", penwidth=2]',
      "  }",
      '  n2 [label="the \\"last\\" one\\nfunction", fillcolor="#eef2ff", color="#b91c1c", penwidth=2]',
      '  n3 [label="watch\\nfunction", fillcolor="#eef2ff", style="dashed,rounded,filled"]',
      '  n1 -> n2 [label=" then, whatever comes", style=dotted, arrowhead=open, ltail=cluster_n0]',
    ]);
    expect(scheduler.draw("mermaid")).toContain('  n3("watch<br/>function")\n  class n3 forever');
    const { boxes } = readPicture(await scheduler.draw("svg"));
    expect([...boxes.values()].map(({ words }) => words[0]?.text)).toEqual(["inner", "in", 'the "last" one', "watch"]);
    expect([...boxes.values()].map(({ classes }) => classes.join(" "))).toEqual([
      "box container subflow",
      "box leaf step critical",
      "box leaf step critical",
      "box leaf step forever",
    ]);
  });
});
