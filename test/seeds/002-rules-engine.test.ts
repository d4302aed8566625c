/** The scenarios of rules, by their numbers: matching, limits, errors, calls, breakpoints, changes while a run goes on. */
import {
  isMillraceError,
  type LocalFunction,
  type OwnerInfo,
  type RuleSpec,
  type RunId,
  type RunStore,
  type Token,
} from "@millrace/core";
import { memoryStore, type Run } from "@millrace/runtime";
import { defineTask } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { data, firingsOf, rule, setOf } from "../engine/rules/rules-lab.js";

const ref = (to: string): string => `$${`{{ ${to} }}`}`;
const count = rule("count", {}, ({ c }) => (Number(c) + 1 < 100 ? { c: Number(c) + 1 } : undefined));

async function failure(run: Run<unknown>): Promise<Error> {
  const outcome = await run.outcome();
  if (outcome.status !== "failed") throw new Error(`It has ${outcome.status}.`);
  return outcome.error;
}

describe("rules", () => {
  it("1: every rule that matches a token fires, in a known order under known ids; a token that comes again does not", async () => {
    await using engine = await openTestEngine();
    const set = setOf(
      [data("a", {}), data("b", { b: "d" }), data("hold", { type: "hold" })],
      [{ id: "one", body: { b: "d" } }, { type: "hold" }],
      { open: true },
    );
    const run = engine.start(set);
    await run.send("rules", { token: { id: "one", body: { b: "d" } } });
    await run.send("rules", { token: { id: "two", body: { b: "e" } } });
    await run.send("rules", { close: true });
    expect(await run.result()).toEqual({ tokens: 3, firings: 5, unmatched: [] });
    expect(await firingsOf(run)).toEqual(["a[one]", "b[one]", "a[1]", "hold[1]", "a[two]"]);
  });

  it("2: the tokens that a rule gives are matched in turn, until none is left", async () => {
    await using engine = await openTestEngine();
    const split = rule("split", { type: "text" }, ({ text }) =>
      String(text)
        .split(" ")
        .map((word) => ({ type: "word", word })),
    );
    const words: unknown[] = [];
    const keep = rule("keep", { type: "word" }, ({ word }) => void words.push(word));
    const run = engine.start(setOf([split, keep], [{ type: "text", text: "one two" }]));
    expect(await run.result()).toEqual({ tokens: 3, firings: 3, unmatched: [] });
    expect(words).toEqual(["one", "two"]);
  });

  it("3: what becomes of a token that no rule matches is said by a policy; by default it is kept and told", async () => {
    const warnings: string[] = [];
    const observer = {
      name: "warnings",
      on: (event: { type: string; message?: string }) =>
        void (event.type === "warning" && warnings.push(event.message ?? "")),
    };
    await using engine = await openTestEngine({ observers: [observer] });
    const start = (more: object) =>
      engine.start(setOf([data("a", { type: "a" })], [{ type: "a" }, { id: "x", body: { type: "b" } }], more));
    expect(await start({}).result()).toEqual({ tokens: 2, firings: 1, unmatched: [{ id: "x", body: { type: "b" } }] });
    expect(warnings).toEqual(['No rule matches token x: {"type":"b"}.']);
    expect(await start({ unmatched: "ignore" }).result()).toEqual({ tokens: 2, firings: 1, unmatched: [] });
    expect(warnings).toHaveLength(1);
    const error = await failure(start({ unmatched: "error" }));
    expect(isMillraceError(error) && error.code).toBe("token-unmatched");
    expect(error.message).toBe("No rule of rules matches x.");
  });

  it("4: a rule that feeds itself for ever is stopped, with its chain; one that counts to 100 fires 100 times", async () => {
    await using engine = await openTestEngine();
    expect(await engine.start(setOf([count], [{ c: 0 }])).result()).toEqual({
      tokens: 100,
      firings: 100,
      unmatched: [],
    });
    const forever = data("again", { type: "x" }, [{ token: { from: "token" } }]);
    const deep = await failure(engine.start(setOf([forever], [{ type: "x" }], { limits: { depth: 3 } })));
    expect(deep.message).toBe("A chain of rules is 4 firings long, and 3 is the limit: again → again → again → again.");
    const twice = data("two", { type: "x" }, [{ token: { from: "token" } }, { token: { from: "token" } }]);
    const many = await failure(engine.start(setOf([twice], [{ type: "x" }], { limits: { tokens: 20 } })));
    expect(many.message).toMatch(/^rules has given 21 tokens, and 20 is the limit: two → /);
    const long = await failure(engine.start(setOf([forever], [{ type: "x" }])));
    expect(long.message).toContain("again → … 991 more … → again");
  });

  it("6: a breakpoint holds tokens before any rule; others go on; edit, step, drop and continue work", async () => {
    const store = memoryStore();
    await using engine = await openTestEngine({ store });
    const seen: unknown[] = [];
    const rules = [
      rule("see", { type: "x" }, ({ n }) => void seen.push(n)),
      rule("other", { type: "y" }, ({ n }) => void seen.push(n)),
    ];
    const tokens = [1, 2, 3, 4].map((n) => ({ id: `x${n}`, body: { type: "x", n } }));
    const run = engine.start(setOf(rules, [...tokens, { type: "y", n: 0 }]), { breakpoints: ['{"type":"x"}'] });
    await until(() => run.breakpoints.held.length === 4);
    expect(seen).toEqual([0]);
    expect(run.breakpoints.held.map(({ node }) => node)).toEqual(["token[x1]", "token[x2]", "token[x3]", "token[x4]"]);
    await run.send("rules", { edit: "x1", body: { type: "x", n: 10 } });
    await run.send("rules", { drop: "x3" });
    await until(() => run.breakpoints.held.length === 3);
    await run.continue({ step: true });
    // Step by step: what the token leads to is held, too.
    await until(() => run.breakpoints.held.some(({ node }) => node === "see[x1]"));
    expect(seen).toEqual([0]);
    await run.continue();
    expect(await run.result()).toMatchObject({ tokens: 5, firings: 4 });
    expect(seen.sort()).toEqual([0, 10, 2, 4]);
  });

  it("9: a called rule returns to each of its callers; calls nest, recur, and have a limit", async () => {
    await using engine = await openTestEngine();
    const seen: Token[] = [];
    const call = (name: string, back: string, value: number) =>
      data(name, { type: name }, [{ token: { value: { type: "square", n: value } }, back: { value: { type: back } } }]);
    const square = rule("square", { type: "square" }, ({ n }) => ({ type: "squared", n: Number(n) * Number(n) }));
    const squared = data("squared", { type: "squared" }, [{ return: { from: "token", path: "n" } }]);
    const see = rule("see", { type: "seen" }, (token) => void seen.push(token));
    const end = data("end", { type: "end" }, [
      { token: { fields: { type: { value: "seen" }, got: { from: "token", path: "returned" } } } },
    ]);
    const set = setOf(
      [call("a", "end", 3), call("b", "end", 5), square, squared, end, see],
      [{ type: "a" }, { type: "b" }],
    );
    await engine.start(set).result();
    expect(seen.map(({ got }) => got).sort()).toEqual([25, 9]);

    // Recursion: down(n) calls down(n - 1), and adds n to what comes back.
    const sums: unknown[] = [];
    const down = (token: Token) => Number(token.n);
    const local = (name: string, filter: Token, next: Parameters<typeof rule>[2]) => rule(name, filter, next);
    const rules = [
      data("down", { type: "down", last: false }, [
        {
          token: { from: "token", path: "inner" },
          back: { fields: { type: { value: "add" }, n: { from: "token", path: "n" } } },
        },
      ]),
      data("bottom", { type: "down", last: true }, [{ return: { value: 0 } }]),
      local("add", { type: "add" }, (token) => ({ type: "sum", n: down(token) + Number(token.returned) })),
      data("sum", { type: "sum" }, [{ return: { from: "token", path: "n" } }]),
      data("start", { type: "start" }, [{ token: { from: "token", path: "inner" }, back: { value: { type: "all" } } }]),
      rule("all", { type: "all" }, ({ returned }) => void sums.push(returned)),
    ];
    const nested = (n: number): Token =>
      n === 0 ? { type: "down", last: true } : { type: "down", last: false, n, inner: nested(n - 1) };
    await engine.start(setOf(rules, [{ type: "start", inner: nested(4) }])).result();
    expect(sums).toEqual([10]);
    const error = await failure(
      engine.start(setOf(rules, [{ type: "start", inner: nested(4) }], { limits: { stack: 3 } })),
    );
    expect(error.message).toBe(
      "A chain of rules has 4 calls that have not returned, and 3 is the limit: start → down → down → down.",
    );
  });

  it("a failed run is gone on with; a plan says before what is kept, what runs, and what may follow of that", async () => {
    await using engine = await openTestEngine();
    let broken = true;
    const mend = rule("mend", { type: "x" }, () => {
      if (broken) throw new Error("broken");
      return { type: "y" };
    });
    const keep = rule("keep", { type: "x" });
    const last = rule("last", { type: "y" });
    for (const { spec, fn } of [mend, keep, last]) engine.local(spec.name, fn);
    const { document } = setOf([mend, keep, last], [{ type: "x" }]);
    await failure(engine.start(document, { id: "r" }));
    const planned = async () =>
      (await engine.plan("r")).steps.map(({ node, verdict, because }) => `${node} ${verdict}: ${because}`);
    expect(await planned()).toEqual([
      "keep[0] restored: on record with the same code and parameters",
      "mend[0] runs: it failed before and is tried again",
    ]);
    broken = false;
    expect(await (await engine.resume("r")).result()).toMatchObject({ tokens: 2, firings: 3 });
  });

  it("9: a return that nothing has called fails its firing", async () => {
    await using engine = await openTestEngine();
    const error = await failure(engine.start(setOf([data("back", {}, [{ return: { value: 1 } }])], [{ a: 1 }])));
    expect(error.message).toBe("back[0] of rules failed: Rule back returns, and nothing has called.");
  });

  it("12: an error is a token; a rule handles it, and an error in that one does not loop", async () => {
    await using engine = await openTestEngine();
    const fail = rule("fail", { type: "x" }, () => {
      throw new RangeError("no");
    });
    const handled: Token[] = [];
    const handle = rule("handle", { _error: true }, (token) => void handled.push(token));
    expect(await engine.start(setOf([fail, handle], [{ type: "x", n: 1 }])).result()).toMatchObject({ firings: 2 });
    expect(handled).toEqual([
      { _error: true, rule: "fail", body: { type: "x", n: 1 }, error: { name: "RangeError", message: "no" } },
    ]);
    const loops = rule("handle", { _error: true }, () => {
      throw new Error("again");
    });
    const error = await failure(engine.start(setOf([fail, loops], [{ type: "x" }])));
    expect(error.message).toMatch(/^handle\[[\w-]{10}\] of rules failed: again$/);
    const unhandled = await failure(
      engine.start(setOf([fail, data("y", { type: "y" })], [{ type: "x" }, { type: "y" }])),
    );
    expect(unhandled.message).toBe("fail[0] of rules failed: no");
  });

  it.each([{ failures: 2 }, { failures: 3 }])(
    "12: `repeat: 2` tries again twice, of $failures failures",
    async ({ failures }) => {
      let tries = 0;
      const flaky = defineTask({
        id: "Flaky",
        run: (): Token => {
          tries += 1;
          if (tries <= failures) throw new RangeError(`no ${tries}`);
          return { type: "done", tries };
        },
      });
      const spec: RuleSpec = {
        name: "flaky",
        filter: { type: "x" },
        run: { task: "Flaky" },
        next: [{ token: { from: "result" } }],
        onError: { repeat: 2 },
      };
      const ends: Token[] = [];
      const rules = [
        { spec },
        rule("done", { type: "done" }, (token) => void ends.push(token)),
        rule("handle", { _error: true }, (token) => void ends.push(token)),
      ];
      await using engine = await openTestEngine({ classes: [flaky] });
      expect(await engine.start(setOf(rules, [{ type: "x" }])).result()).toMatchObject({ tokens: 2, firings: 2 });
      expect(tries).toBe(3);
      const error = { name: "RangeError", message: "no 3" };
      expect(ends).toEqual([
        failures === 2 ? { type: "done", tries: 3 } : { _error: true, rule: "flaky", body: { type: "x" }, error },
      ]);
    },
  );

  it("12: onError says what follows instead of an error token", async () => {
    await using engine = await openTestEngine();
    const fail = rule("fail", { type: "x" }, () => {
      throw new RangeError("no");
    });
    const next = [{ token: { fields: { type: { value: "told" }, text: { template: `${ref("error.message")}!` } } } }];
    const told: unknown[] = [];
    const set = setOf(
      [
        { ...fail, spec: { ...fail.spec, onError: { next } } },
        rule("tell", { type: "told" }, ({ text }) => void told.push(text)),
      ],
      [{ type: "x" }],
    );
    await engine.start(set).result();
    expect(told).toEqual(["no!"]);
  });

  it("13: a rule that is added or removed while a run goes on counts for later matches", async () => {
    await using engine = await openTestEngine();
    const seen: unknown[] = [];
    const set = setOf([data("first", { type: "x" })], [{ type: "x" }], { open: true });
    const more = rule("more", { type: "x" }, ({ n }) => void seen.push(n));
    engine.local("more", more.fn);
    const run = engine.start(set);
    await run.send("token", { type: "x", n: 1 });
    await run.send("rules", { add: more.spec });
    await run.send("token", { type: "x", n: 2 });
    await run.send("rules", { remove: "first" });
    await run.send("rules", { add: { ...more.spec, filter: { type: "x", n: 4 } } });
    await run.send("token", { type: "x", n: 3 });
    await run.send("token", { type: "x", n: 4 });
    await run.send("rules", { close: true });
    expect(await run.result()).toMatchObject({ tokens: 5, firings: 5, unmatched: [{ body: { type: "x", n: 3 } }] });
    expect(seen).toEqual([2, 4]);
  });
});

describe("where firings run", () => {
  const work = defineTask({ id: "Work", options: { pool: "gpu" }, run: (_: { n: number }): unknown => null });

  it("14: what dies with its process is done by the next owner; what the first one still brings has no effect", async () => {
    const clock = new ManualClock();
    const store = memoryStore({ clock });
    const begun: string[] = [];
    const finish: (() => void)[] = [];
    const slow =
      (owner: string): LocalFunction =>
      async () => {
        begun.push(owner);
        await new Promise<void>((resolve) => finish.push(resolve));
        return { type: "done", owner };
      };
    const spec: RuleSpec = {
      name: "slow",
      filter: { type: "x" },
      run: { local: "slow" },
      next: [{ token: { from: "result" } }],
    };
    const set = setOf([{ spec }, data("done", { type: "done" })], [{ type: "x" }], { name: "shared" });
    // The first owner is on another machine, and its clock stands still: it is stopped, and does not renew its lease.
    const elsewhere: RunStore = new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name === "acquire")
          return (run: RunId, owner: OwnerInfo) => target.acquire(run, { ...owner, host: "elsewhere" });
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    const first = await openTestEngine({ store: elsewhere, clock: new ManualClock() });
    first.local("slow", slow("first"));
    const lost = first.start({ ...set, toRuleSet: () => set.document }, { id: "r" });
    await until(() => begun.length === 1);
    clock.advance(3_600_000);
    await using second = await openTestEngine({ store, clock });
    second.local("slow", slow("second"));
    const run = await second.resume("r");
    await until(() => begun.length === 2);
    finish[0]?.();
    finish[1]?.();
    expect(await run.result()).toMatchObject({ tokens: 2, firings: 2 });
    expect((await lost.outcome()).status).toBe("suspended");
    await first.close();
    const values: unknown[] = [];
    for await (const { step, value } of run.steps()) if (step.node === "slow[0]") values.push(value);
    expect(values).toEqual([{ type: "done", owner: "second" }]);
  });

  it("15: a firing goes only where there is room for it, and waits until there is; where there never is any, the run is refused", async () => {
    const works = controlled(work);
    await using engine = await openTestEngine({ classes: [work], standIns: [works], pools: { gpu: 2 } });
    const seen: unknown[] = [];
    const rules = [
      {
        spec: {
          name: "work",
          filter: { type: "x" },
          run: { task: "Work" },
          params: { n: { from: "token", path: "n" } },
        },
      },
      rule("other", { type: "y" }, ({ n }) => void seen.push(n)),
    ];
    const run = engine.start(setOf(rules, [1, 2, 3, 4].map((n) => ({ type: "x", n })).concat([{ type: "y", n: 5 }])));
    const [one, two] = [await works.next(), await works.next()];
    await until(() => seen.length === 1);
    expect(works.pending).toBe(0);
    one.finish(null);
    const three = await works.next();
    expect(works.pending).toBe(0);
    two.finish(null);
    three.finish(null);
    (await works.next()).finish(null);
    expect(await run.result()).toMatchObject({ firings: 5 });
    const spec: RuleSpec = {
      name: "big",
      filter: {},
      run: { task: "Work" },
      params: { n: { value: 1 } },
      options: { resources: { cpus: 10_000 } },
    };
    expect(() => engine.start(setOf([{ spec }], [{ a: 1 }]))).toThrow(/10000|10,000/);
  });
});

/** Resolves once something holds that the run brings about. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
