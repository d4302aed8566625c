/** The scenarios of rules that are about what users see, by their numbers, with rules that programs put together. */
import { type Fact, type RuleSpec, ruleLineage, type Token } from "@millrace/core";
import { ContainerSpawner, memoryStore, type Run } from "@millrace/runtime";
import { defineFlow, defineTask, Task, task } from "@millrace/sdk";
import { openTestEngine } from "@millrace/testing";
import { defineRule } from "millrace";
import { Rules, rule } from "millrace/jobs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeContainers } from "../engine/containers/fake-containers.js";

interface Page {
  readonly type: "page";
  readonly url: string;
  readonly depth: number;
}

interface Found {
  readonly type: "found";
  readonly url: string;
}

describe("Rules", () => {
  const follow = rule<Page>("follow", {
    filter: { type: "page" },
    next: ({ url, depth }): (Page | Found)[] => [
      { type: "found", url },
      ...(depth === 0 ? [] : ["a", "b"].map((name): Page => ({ type: "page", url: url + name, depth: depth - 1 }))),
    ],
  });

  it("5: the matrix of a run and the children of each firing are what ran", async () => {
    const store = memoryStore();
    await using engine = await openTestEngine({ store });
    // Counted where it happens, by what the functions were given.
    const urls: string[] = [];
    const keep = rule<Found>("keep", { filter: { type: "found" }, next: ({ url }) => void urls.push(url) });
    const rules = new Rules({ name: "crawl", rules: [follow, keep] });
    const run = engine.start(rules.with({ home: { type: "page", url: "/", depth: 2 } }));
    expect(await run.result()).toEqual({ tokens: 14, firings: 14, unmatched: [] });
    expect([...urls].sort()).toEqual(["/", "/a", "/aa", "/ab", "/b", "/ba", "/bb"]);

    const { tokens } = await lineageOf(store, run);
    const matrix = new Map<string, number>();
    for (const { from, firings } of tokens) {
      for (const { rule: to } of firings) {
        const cell = `${from?.rule ?? "outside"} > ${to}`;
        matrix.set(cell, (matrix.get(cell) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(matrix)).toEqual({ "outside > follow": 1, "follow > follow": 6, "follow > keep": 7 });
    // Whoever was found by "/" is its child, and nobody else is.
    const childrenOf = (id: string): unknown[] =>
      tokens.filter(({ from }) => from?.token === id).map(({ body }) => body.url);
    expect(childrenOf("home")).toEqual(["/", "/a", "/b"]);
    for (const { id, body } of tokens.filter((token) => token.body.type === "page" && token.body.depth === 1))
      expect(childrenOf(id)).toEqual([body.url, `${body.url}a`, `${body.url}b`]);
  });

  it("takes rule classes, functions and data beside each other", async () => {
    const Double = defineRule({
      id: "Double",
      when: { type: "n" },
      next: ({ n }: { type: string; n: number }) => ({ type: "doubled", n: n * 2 }),
    });
    const seen: unknown[] = [];
    const see = rule("see", { filter: { type: "last" }, next: (token) => void seen.push(token) });
    const last: RuleSpec = {
      name: "last",
      filter: { type: "doubled" },
      next: [{ token: { fields: { type: { value: "last" }, n: { from: "token", path: "n" } } } }],
    };
    await using engine = await openTestEngine({ classes: [Double] });
    const rules = new Rules({ rules: [Double, last, see] });
    expect(await engine.start(rules.with([{ type: "n", n: 4 }])).result()).toMatchObject({ firings: 3 });
    expect(seen).toEqual([{ type: "last", n: 8 }]);
    expect(rules.toRuleSet().tokens).toEqual([]);
  });

  it("knows which tokens its rules take, and none by id twice", async () => {
    const rules = new Rules({ rules: [follow] });
    // @ts-expect-error: its rules take pages
    rules.with([{ type: "pages", url: "/", depth: 0 }]);
    const page: Page = { type: "page", url: "/", depth: 0 };
    const twice = rules.with({ home: page }).with({ home: page });
    await using engine = await openTestEngine();
    expect(() => engine.start(twice)).toThrow('tokens[1].id is "home", as is tokens[0].id: ids are unique.');
  });

  it("says of a class that is no rule what it is", () => {
    @task()
    class Work extends Task<void> {
      run(): void {}
    }
    // As a program without types would.
    const make = () => new Rules({ rules: [Work as never] });
    expect(make).toThrow("Work is no declared rule.");
  });

  it("a function that throws gives an error token, or what its rule says in place of that", async () => {
    const tell: unknown[] = [];
    const fail = (name: string, onError?: RuleSpec["onError"]) =>
      rule(name, {
        filter: { type: name },
        ...(onError ? { onError } : {}),
        next: () => {
          throw new RangeError(`no ${name}`);
        },
      });
    const told = {
      next: [{ token: { fields: { type: { value: "told" }, why: { from: "error", path: "message" } } } }],
    };
    const rules = new Rules({
      rules: [
        fail("a"),
        fail("b", told),
        rule("tell", { filter: { type: "told" }, next: ({ why }) => void tell.push(why) }),
        rule("handle", { filter: { _error: true }, next: (token) => void tell.push(token.rule) }),
      ],
    });
    await using engine = await openTestEngine();
    await engine.start(rules.with([{ type: "a" }, { type: "b" }])).result();
    expect(tell.sort()).toEqual(["a", "no b"]);
  });
});

describe("a rule that runs a container (fake client)", () => {
  let fake: FakeContainers;
  beforeEach(() => {
    fake = new FakeContainers("docker");
  });
  afterEach(() => fake[Symbol.dispose]());

  const report = (variable: string): RuleSpec => ({
    name: "report",
    filter: { type: "report" },
    run: { container: "echo:1" },
    params: {
      cwd: { value: fake.folder },
      host: { from: "token", path: "host" },
      args: { list: [{ value: "-m" }, { from: "token", path: "script" }, { from: "vars", path: variable }] },
    },
    next: [{ token: { fields: { code: { from: "result", path: "code" }, text: { from: "result", path: "stdout" } } } }],
  });
  const token = { type: "report", host: "tcp://build-7:2375", script: "mid_mf; rm -rf /" };

  it("10: it gets exactly its arguments, one of them a variable; its code and output go into what follows", async () => {
    const seen: unknown[] = [];
    const see = rule("see", { filter: { code: 0 }, next: ({ text }) => void seen.push(text) });
    await using engine = await openTestEngine({ containers: new ContainerSpawner({ client: fake.client }) });
    const rules = new Rules({ rules: [report("x"), see], variables: { x: '2026 "Q1"' } });
    await engine.start(rules.with([token])).result();
    const [call = []] = fake.runs;
    expect(call.slice(-4)).toEqual(["echo:1", "-m", "mid_mf; rm -rf /", '2026 "Q1"']);
    expect(call).toContain("tcp://build-7:2375");
    expect(seen).toEqual(['-m\nmid_mf; rm -rf /\n2026 "Q1"\n']);
  });

  it("10: a variable that there is not is told before anything starts", async () => {
    await using engine = await openTestEngine({ containers: new ContainerSpawner({ client: fake.client }) });
    const rules = new Rules({ rules: [report("y")], variables: { x: 1 } });
    expect(() => engine.start(rules.with([token]))).toThrow(
      /rules\[0\]\.params\.args takes vars\.y, and there is no such variable/,
    );
    expect(fake.calls).toEqual([]);
  });
});

describe("a script and rules", () => {
  const work: string[] = [];
  beforeEach(() => void work.splice(0));
  const Run = defineTask({
    id: "Run",
    run: ({ name }: { name: string }): string => {
      work.push(name);
      return `${name} is done`;
    },
  });
  // What a script needs is given to it; nothing is put among the globals.
  const Script = defineFlow({
    id: "Script",
    run: async ({ names }: { names: string[] }, body): Promise<string[]> => {
      const ends: string[] = [];
      for (const name of names) ends.push(await body.call(Run, { name }));
      return ends;
    },
  });
  const names = ["build", "test", "ship"];

  it("11: the same work as a script that a rule runs, and as rules alone, has the same trace", async () => {
    const globals = Object.getOwnPropertyNames(globalThis).sort();
    const trace = async (rules: Rules, token: Token) => {
      await using engine = await openTestEngine({ classes: [Run, Script] });
      work.splice(0);
      await engine.start(rules.with([token])).result();
      return [...work];
    };
    const scripted = new Rules({
      rules: [
        {
          name: "script",
          filter: { type: "script" },
          run: { flow: "Script" },
          params: { names: { from: "token", path: "names" } },
        },
      ],
    });
    const ruled = new Rules({
      rules: [
        {
          name: "run",
          filter: { type: "run" },
          run: { task: "Run" },
          params: { name: { from: "token", path: "names.0" } },
          next: [{ token: { fields: { type: { value: "more" }, names: { from: "token", path: "names" } } } }],
        },
        rule<{ names: readonly string[] }>("more", {
          filter: { type: "more" },
          next: ({ names: [, ...rest] }) => (rest.length === 0 ? undefined : { type: "run", names: rest }),
        }),
      ],
    });
    expect(await trace(scripted, { type: "script", names })).toEqual(names);
    expect(await trace(ruled, { type: "run", names })).toEqual(names);
    expect(Object.getOwnPropertyNames(globalThis).sort()).toEqual(globals);
  });
});

async function lineageOf(store: ReturnType<typeof memoryStore>, run: Run) {
  const facts: Fact[] = [];
  for await (const fact of store.read(run.id)) facts.push(fact);
  const lineage = ruleLineage(facts);
  if (!lineage) throw new Error("no run of rules");
  return lineage;
}
