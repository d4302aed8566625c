/** What is refused before anything begins, and how schedulers are cut to size: scenarios 13 and 18. */
import { type AnyJob, Job, Scheduler, Sequence } from "@millrace/jobs";
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

describe("requirements", () => {
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
  });

  it("is found by what jobs require and what requires them", () => {
    const { scheduler, a, b, c, d, e, x } = diamond();
    expect(scheduler.predecessors(d)).toEqual([a, b, c]);
    expect(scheduler.successors(b, x)).toEqual([d, e]);
    expect(scheduler.entryJobs).toEqual([a, x]);
    expect(scheduler.exitJobs).toEqual([e, x]);
    const inner = new Scheduler(job("in"));
    const outer = new Scheduler(job("z", inner), inner);
    expect([...outer].map(({ label }) => label)).toEqual(["scheduler", "z"]);
    expect(outer.allJobs.map(({ label }) => label)).toEqual(["z", "scheduler", "in"]);
  });
});
