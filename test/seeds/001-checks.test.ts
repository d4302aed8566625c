/** What is refused before anything begins, and how schedulers are cut to size: scenarios 13 and 18. */
import { type AnyJob, Command, Job, Scheduler, Sequence } from "@millrace/jobs";
import { defineFlow, defineTask } from "@millrace/sdk";
import { openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";

const job = (label: string, ...required: readonly AnyJob[]): Job => new Job(() => label, { label, requires: required });

const refusal = (scheduler: Scheduler): unknown => {
  try {
    scheduler.toJobGraph();
  } catch (error) {
    return (error as { data: { issues: unknown } }).data.issues;
  }
  return [];
};

/** `ab: a>b`. */
const shown = (scheduler: Scheduler): string => {
  const { nodes, edges } = scheduler.toJobGraph();
  return [`${nodes.map(({ id }) => id).join("")}:`, ...edges.map(({ from, to }) => `${from}>${to}`).sort()].join(" ");
};

/** a → b → d → e, a → c → d, alone: x. */
function diamond(): { readonly scheduler: Scheduler } & Readonly<Record<"a" | "b" | "c" | "d" | "e" | "x", Job>> {
  const a = job("a");
  const [b, c] = [job("b", a), job("c", a)];
  const d = job("d", b, c);
  const [e, x] = [job("e", d), job("x")];
  return { a, b, c, d, e, x, scheduler: new Scheduler(a, b, c, d, e, x) };
}

describe("13: a scheduler that cannot be run", () => {
  it("says everything at once, before anything begins", async () => {
    await using engine = await openTestEngine();
    const [a, b, c, lost] = [job("a"), job("b"), job("c"), job("lost")];
    a.requires(c);
    c.requires(b);
    b.requires(a);
    const elsewhere = new Scheduler(job("far"), { label: "elsewhere" });
    const inner = new Scheduler(job("in", ...elsewhere.jobs), { label: "inner" });
    const watch = new Job(() => {}, { label: "watch", forever: true });
    const outer = new Scheduler(a, b, c, job("d", lost, watch), inner, watch, { label: "outer" });
    expect(outer.checkCycles()).toBe(false);
    expect(refusal(outer)).toEqual([
      "a requires c requires b requires a: none of them would ever begin",
      "d requires lost, which is in no scheduler: add it to outer, or drop the requirement with sanitize()",
      "d requires watch, which runs forever: it would never begin",
      "in requires far, which is a job of elsewhere, not of inner: jobs wait for jobs of their own scheduler; let the schedulers require each other",
    ]);
    expect(() => outer.start(engine)).toThrow("outer cannot be run:\n  a requires c");
    expect(() => engine.start(outer)).toThrow("outer cannot be run:\n  a requires c");
    expect(await engine.runs()).toEqual([]);
  });

  it("refuses a job of two schedulers, and schedulers that stand in each other, where that is said", () => {
    const a = job("a");
    const one = new Scheduler(a, { label: "one" });
    expect(() => new Scheduler(a, { label: "two" })).toThrow("a is a job of one and cannot be one of two, too.");
    const outer = new Scheduler(one, { label: "outer" });
    expect(() => one.add(outer)).toThrow("outer cannot be a job of one, which is in it.");
    expect(() => one.add(one)).toThrow("one cannot be a job of one, which is in it.");
    one.remove(a);
    expect(new Scheduler(a, { label: "two" }).jobs).toEqual([a]);
  });

  it("tells results that are taken from elsewhere from requirements", () => {
    const elsewhere = job("far");
    const takes = (from: AnyJob): Job => new Job(() => {}, { label: "takes", params: { it: from.result } });
    const scheduler = new Scheduler(new Scheduler(elsewhere, { label: "inner" }), takes(elsewhere), { label: "outer" });
    expect(refusal(scheduler)).toEqual([
      "takes takes the result of far, which is a job of inner, not of outer: jobs take results within their own scheduler, that of an inner scheduler as a whole",
    ]);
    expect(refusal(new Scheduler(takes(job("lost"))))).toEqual([
      "takes takes the result of lost, which is in no scheduler: add it to scheduler",
    ]);
    expect(scheduler.sanitize()).toEqual([]);
  });

  it("is listed all the same: what is in a cycle comes last", () => {
    const [a, b, c, d] = [job("a"), job("b"), job("c"), job("d")];
    a.requires(b);
    b.requires(a);
    d.requires(job("lost"));
    const inner = new Scheduler(c, d.requires(c), { label: "inner" });
    const scheduler = new Scheduler(a, b, inner);
    expect(scheduler.list()).toBe(
      [
        "<Scheduler 'inner' idle>",
        "  <Job 'c' idle - [allows [d]]>",
        "  <Job 'd' idle - [requires [c]]>",
        "<Job 'a' idle - [requires [b]] - [allows [b]]>",
        "<Job 'b' idle - [requires [a]] - [allows [a]]>",
      ].join("\n"),
    );
    expect(scheduler.list({ details: true, ascii: true }).split("\n")[4]).toBe("5 ! .    b  idle  requires 4");
  });

  it("drops requirements on others with sanitize, in inner schedulers, too, and tells which", () => {
    const lost = job("lost");
    const inner = new Scheduler(job("in", lost), { label: "inner" });
    const outer = new Scheduler(job("a", lost), inner);
    expect(outer.sanitize().map(({ job: of, required }) => `${of.label} > ${required.label}`)).toEqual([
      "a > lost",
      "in > lost",
    ]);
    expect(outer.sanitize()).toEqual([]);
    expect(refusal(outer)).toEqual([]);
  });
});

describe("what jobs are made of", () => {
  it("is a function, and no promise of work that has begun", () => {
    const made = (given: unknown): Job => new Job(given as () => unknown);
    expect(() => made(Promise.resolve(1))).toThrow("A job is made of a function or a class, not of Promise { 1");
    expect(() => made(undefined)).toThrow("A job is made of a function or a class, not of undefined.");
  });

  it("has no options that would be passed over", async () => {
    await using engine = await openTestEngine();
    const options = { jobs_window: 1 } as object;
    expect(() => new Scheduler(job("a"), options)).toThrow('"jobs_window" is no option of scheduler.');
    const retried = new Job(() => 1, { label: "retried", retry: { attempts: 3 } } as object);
    const inner = new Scheduler(retried, { label: "inner" });
    const late = new Job(() => 1, { label: "late", timeout: "soon" as "1s" });
    const run = new Scheduler(inner, late, { label: "outer", window: 0 }).run(engine);
    await expect(run).rejects.toMatchObject({
      code: "scheduler-invalid",
      data: {
        issues: [
          "window must be a number of nodes, 1 or more, not 0",
          "inner / retried: retry has no meaning here; the options of such nodes are timeout, version, tags",
          'late: timeout must be milliseconds or a duration such as "30s"',
        ],
      },
    });
    expect(await engine.runs()).toEqual([]);
  });

  it("is told by the job when the engine finds it", async () => {
    await using engine = await openTestEngine();
    const known = defineTask({ id: "Known", run: (p: { n: number }) => p.n });
    const unknown = new Command("true", { env: { "no name": 1 } }, { label: "unknown" });
    const secondInner = new Scheduler(unknown, { label: "second" });
    const scheduler = new Scheduler(new Job(known, { n: 1 }), new Scheduler(job("x"), secondInner, { label: "first" }));
    await expect(scheduler.run(engine)).rejects.toThrow(
      'first / second / unknown: params.env sets "no name", which is no name of a variable',
    );
  });

  it("may have any label", async () => {
    await using engine = await openTestEngine();
    const labels = ["constructor", "__proto__", "a/b", "a.b", "a b", "", "数"];
    const jobs = labels.map((label) => new Job(() => label, { label }));
    const outcome = await new Scheduler(jobs).run(engine);
    expect(jobs.map((one) => outcome.result(one))).toEqual(labels);
  });

  it("takes no part by a name that a path cannot say", () => {
    const hosts = new Job(() => ({ "10.0.0.1": "up", 10: { "0": { "0": { "1": "down" } } } }), { label: "hosts" });
    expect(() => hosts.result.at("10.0.0.1")).toThrow('"10.0.0.1" of hosts cannot be taken by itself.');
    const named = new Job(({ params }) => params, { label: "named", params: { "10.0.0.1": 1 } });
    expect(refusal(new Scheduler(named))).toEqual([
      'named has a parameter "10.0.0.1": names of parameters have no dots, those inside their values may',
    ]);
  });
});

describe("requirements", () => {
  it("are jobs, no labels, functions or options", () => {
    for (const given of ["a", () => 1, [["a"]], { window: 1 }]) {
      const named = given as unknown as AnyJob;
      expect(() => new Scheduler(named, job("a"))).toThrow("stands where jobs are named, and is none.");
    }
    expect(() => job("b").requires("a" as unknown as AnyJob)).toThrow('"a" stands where jobs are named, and is none.');
  });

  it("are named one by one, in lists and sequences; nothing and the job itself are left out", () => {
    const [a, b, c, d] = [job("a"), job("b"), job("c"), job("d")];
    d.requires(a, [[b], null], undefined, new Sequence(b, c), d);
    expect([...d.required.keys()]).toEqual([a, b, c]);
    expect([...c.required.keys()]).toEqual([b]);
    d.requires(a, { remove: true });
    expect([...d.required.keys()]).toEqual([b, c]);
    expect(() => d.requires(a, { remove: true })).toThrow("d does not require a.");
  });

  it("of a sequence are those of its first job; it stands for its last", () => {
    const [a, b, c, d, e] = [job("a"), job("b"), job("c"), job("d"), job("e")];
    const sequence = new Sequence(b, new Sequence(c), { requires: a }).append(d);
    e.requires(sequence);
    expect(shown(new Scheduler(a, sequence, e))).toBe("abcde: a>b b>c c>d d>e");
  });
});

describe("a sequence of a scheduler's jobs", () => {
  it("brings what it goes on with into that scheduler", () => {
    const sequence = new Sequence(job("a"), job("b"));
    const scheduler = new Scheduler(sequence);
    sequence.append(job("c"), new Sequence(job("d"), job("e")));
    expect(shown(scheduler)).toBe("abcde: a>b b>c c>d d>e");
    const other = new Scheduler(job("x"), { label: "other" });
    expect(() => sequence.append(other.jobs)).toThrow("x is a job of other and cannot be one of scheduler, too.");
    expect([...scheduler].map(({ label }) => label)).toEqual(["a", "b", "c", "d", "e"]);
  });
});

describe("a scheduler as a graph", () => {
  it("has ids made of labels, parameters by reference, and flags", () => {
    const fetch = defineTask({ id: "Fetch", run: (p: { city: string; days?: number }) => [p.city] });
    const report = defineFlow({ id: "Report", run: async (p: { of: { first: string } }) => p.of.first });
    const one = new Job(fetch, { city: "Oslo" }, { label: "fetch it", retry: { attempts: 3 } });
    const two = new Job(fetch, { city: "Bergen" }, { label: "fetch it", critical: false });
    const three = new Job(report, { of: { first: one.result.at(0) } });
    three.requires(two);
    expect(new Scheduler(one, two, three, { label: "all", window: 2, timeout: "1m" }).toJobGraph()).toEqual({
      version: 1,
      name: "all",
      timeout: "1m",
      window: 2,
      nodes: [
        {
          id: "fetch-it",
          run: { task: "Fetch" },
          params: { city: { value: "Oslo" } },
          options: { retry: { attempts: 3 } },
          critical: true,
        },
        { id: "fetch-it-2", run: { task: "Fetch" }, params: { city: { value: "Bergen" } }, critical: false },
        {
          id: "Report",
          run: { flow: "Report" },
          params: { of: { fields: { first: { from: "fetch-it", path: "0" } } } },
          critical: true,
        },
      ],
      edges: [
        { from: "fetch-it", to: "Report", policy: "skip-dependents" },
        { from: "fetch-it-2", to: "Report", policy: "run-dependents" },
      ],
    });
    // @ts-expect-error: `city` is a text.
    new Job(fetch, { city: 1 });
    // @ts-expect-error: the result of `one` is a list.
    new Job(fetch, { city: one.result });
    // @ts-expect-error: `city` is missing.
    new Job(fetch, {});
    class Plain {
      run(): void {}
    }
    // @ts-expect-error: it is no task.
    expect(() => new Job(Plain)).toThrow("Plain is no declared task or flow, and no function either.");
  });
});

describe("18: part of a scheduler", () => {
  it("is kept with exactly the order that there was", () => {
    const cut = (by: (of: ReturnType<typeof diamond>) => unknown): string => {
      const all = diamond();
      by(all);
      return shown(all.scheduler);
    };
    expect(cut(() => {})).toBe("abcdex: a>b a>c b>d c>d d>e");
    expect(cut(({ scheduler, d }) => scheduler.bypassAndRemove(d))).toBe("abcex: a>b a>c b>e c>e");
    expect(cut(({ scheduler, d }) => scheduler.remove(d))).toBe("abcex: a>b a>c");
    expect(cut(({ scheduler, a, e }) => scheduler.keepOnly(a, e))).toBe("ae: a>e");
    expect(cut(({ scheduler, b, d }) => scheduler.keepOnlyBetween({ from: b, to: d }))).toBe("bd: b>d");
    expect(cut(({ scheduler, a, e }) => scheduler.keepOnlyBetween({ from: a, to: e, exclusive: true }))).toBe(
      "bcd: b>d c>d",
    );
    expect(cut(({ scheduler, c }) => scheduler.keepOnlyBetween({ to: c }))).toBe("ac: a>c");
    expect(() => cut(({ scheduler }) => scheduler.remove(job("d")))).toThrow("d is no job of scheduler.");
    expect(() => cut(({ scheduler }) => scheduler.keepOnly())).toThrow("Nothing of scheduler would be left.");
  });

  it("has all that its jobs take, or nothing is changed", () => {
    const a = job("a");
    const takes = new Job(() => {}, { label: "takes", params: { it: a.result } });
    const scheduler = new Scheduler(a, takes, job("c", takes));
    const refused = { code: "scheduler-invalid", message: "takes takes the result of a, which would be put out." };
    expect(() => scheduler.keepOnly(takes)).toThrow(expect.objectContaining(refused));
    expect(() => scheduler.bypassAndRemove(a)).toThrow(expect.objectContaining(refused));
    expect(scheduler.jobs).toHaveLength(3);
    expect(scheduler.keepOnlyBetween({ to: takes }).jobs).toEqual([a, takes]);
  });

  it("is found by what jobs require and what requires them", () => {
    const { scheduler, a, b, c, d, e, x } = diamond();
    expect(scheduler.predecessors(d)).toEqual([a, b, c]);
    expect(scheduler.successors(b, x)).toEqual([d, e]);
    expect(scheduler.predecessors(d, { direct: true })).toEqual([b, c]);
    expect(scheduler.successors(a, [x], { direct: true })).toEqual([b, c]);
    expect(scheduler.entryJobs).toEqual([a, x]);
    expect(scheduler.exitJobs).toEqual([e, x]);
    const inner = new Scheduler(job("in"));
    const outer = new Scheduler(job("z", inner), inner);
    expect([...scheduler]).toEqual([a, x, b, c, d, e]);
    expect([...outer].map(({ label }) => label)).toEqual(["scheduler", "z"]);
    expect(outer.allJobs.map(({ label }) => label)).toEqual(["z", "scheduler", "in"]);
  });
});
