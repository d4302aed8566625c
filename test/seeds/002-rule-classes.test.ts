/** The scenarios of rules, by their numbers, with rules that are classes of a build: typed tokens, and work in threads. */
import {
  checkRuleSet,
  type Manifest,
  type RuleSet,
  renderSuccessors,
  ruleGraph,
  ruleSuccessors,
  type Token,
} from "@millrace/core";
import { type Engine, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";
import { firingsOf } from "../engine/rules/rules-lab.js";

const SOURCE = `
import { threadId } from "node:worker_threads";
import { type ErrorToken, Rule, rule, type Token } from "millrace";

@rule()
export class A extends Rule {
  next(): undefined {
    return undefined;
  }
}

@rule()
export class B extends Rule<{ b: "d" }, never> {
  next(): undefined {
    return undefined;
  }
}

type Count = { type: "count"; c: number };

@rule()
export class Counter extends Rule<Count, Count> {
  override match({ c }: Count): boolean {
    return c < 100;
  }
  next({ c }: Count): Count {
    if (threadId === 0) throw new Error("on the main thread");
    return { type: "count", c: c + 1 };
  }
}

type Page = { type: "page"; url: string; links: readonly string[] };
type Found = { type: "found"; url: string };

@rule()
export class Crawl extends Rule<Page, Page | Found> {
  async next({ url, links }: Page): Promise<(Page | Found)[]> {
    return [{ type: "found", url }, ...links.map((link): Page => ({ type: "page", url: link, links: [] }))];
  }
}

@rule()
export class Keep extends Rule<Found, never> {
  next(): void {}
}

@rule()
export class Liar extends Rule<{ type: "lie" }, Found> {
  next(): Found {
    return { type: "page" } as unknown as Found;
  }
}

@rule({ retry: { attempts: 2 } })
export class Fail extends Rule<{ type: "fail"; why: string }, never> {
  next({ why }: { why: string }): undefined {
    throw new RangeError(why);
  }
}

type Handled = { type: "handled"; rule: string; why: string; on: unknown };

@rule()
export class Handle extends Rule<ErrorToken, Handled> {
  next({ rule, body, error }: ErrorToken): Handled {
    return { type: "handled", rule, why: error.message, on: body.type };
  }
}

type Fact = { type: "factorial"; n: number };
type Times = { type: "times"; n: number; returned?: number };
type Result = { type: "result"; of: string; returned?: number };

@rule()
export class Factorial extends Rule<Fact, Fact | Times> {
  next({ n }: Fact) {
    return n <= 1 ? this.return(1) : this.call({ type: "factorial", n: n - 1 }, { type: "times", n });
  }
}

@rule()
export class Multiply extends Rule<Times, never> {
  next({ n, returned }: Times) {
    return this.return(n * (returned ?? 0));
  }
}

@rule()
export class Main extends Rule<{ type: "main"; of: string; n: number }, Fact | Result> {
  next({ of, n }: { of: string; n: number }) {
    return this.call({ type: "factorial", n }, { type: "result", of });
  }
}

@rule()
export class Apply extends Rule<{ type: "apply"; callback: Found | Page }, Found | Page> {
  next({ callback }: { callback: Found | Page }): Found | Page {
    return callback;
  }
}
`;

let project: TestProject;
let engine: Engine;
let manifest: Manifest;
beforeAll(async () => {
  project = await oneModule(SOURCE);
  const built = await project.build();
  expect(built.diagnostics.filter(({ severity }) => severity !== "hint")).toEqual([]);
  manifest = built.manifest as Manifest;
  engine = await openEngine({ cwd: project.root, threads: 2 });
});
afterAll(async () => {
  await engine?.close();
  await project?.remove();
});

/** A set of rules that run the class of their name. */
function setOf(names: readonly string[], ...tokens: readonly Token[]): RuleSet {
  return {
    version: 1,
    rules: names.map((name) => ({ name, run: { rule: name } })),
    tokens: tokens.map((body) => ({ body })),
  };
}

describe("rules of classes", () => {
  test("1: a rule without constants matches all, one with them those that have them", async () => {
    const run = engine.start(setOf(["A", "B"], { b: "d" }, { b: "e" }));
    expect(await run.result()).toEqual({ tokens: 2, firings: 3, unmatched: [] });
    expect([...(await firingsOf(run))].sort()).toEqual(["A[0]", "A[1]", "B[0]"]);
  });

  test("2: what a rule gives is matched in turn", async () => {
    const run = engine.start(setOf(["Crawl", "Keep"], { type: "page", url: "/", links: ["/a", "/b"] }));
    expect(await run.result()).toEqual({ tokens: 6, firings: 6, unmatched: [] });
    expect((await firingsOf(run)).filter((name) => name.startsWith("Keep"))).toHaveLength(3);
  });

  test("4: a rule that counts to 100, in threads, fires a hundred times; its match, on the main thread, ends it", async () => {
    const run = engine.start(setOf(["Counter"], { type: "count", c: 0 }));
    expect(await run.result()).toMatchObject({ firings: 100, unmatched: [{ body: { type: "count", c: 100 } }] });
  });

  test("7: a token that the types do not declare fails its firing, which an error rule hears of", async () => {
    const run = engine.start(setOf(["Liar", "Handle"], { type: "lie" }));
    expect(await run.result()).toMatchObject({
      unmatched: [{ body: { rule: "Liar", why: expect.stringContaining("which its types do not declare") } }],
    });
  });

  test("7: successors, unreachable rules and tokens that nothing matches are told without a run", () => {
    const set = setOf(
      ["Crawl", "Keep", "Counter", "Fail"],
      { type: "page", url: "/", links: [] },
      { type: "fail", why: "" },
    );
    expect(renderSuccessors(ruleSuccessors(set, ruleGraph(set, manifest))).split("\n")).toEqual([
      "start   -> List[page, fail]",
      "Crawl   -> each*[Branch(Crawl)[a=found, b=page]]",
      "Keep    -> end",
      "Counter -> count",
      "Fail    -> end",
    ]);
    expect(checkRuleSet(manifest, set).map(({ code, path }) => `${path} ${code}`)).toEqual([
      "rules[2] rule-unreachable",
    ]);
    const without = setOf(["Crawl"], { type: "page", url: "/", links: [] });
    expect(checkRuleSet(manifest, without).map(({ message }) => message)).toEqual([
      "Crawl gives { type: 'found' }, which no rule matches.",
    ]);
  });

  test("8: a token that another one holds is one of those that its type allows", () => {
    const set = setOf(["Apply", "Keep", "Crawl"], { type: "apply", callback: { type: "found", url: "/" } });
    expect(renderSuccessors(ruleSuccessors(set, ruleGraph(set, manifest))).split("\n")[1]).toBe(
      "Apply -> Branch(Apply)[a=found, b=page]",
    );
  });

  test("9: calls from several places, recursive, return each to its own", async () => {
    const set: RuleSet = {
      ...setOf(
        ["Main", "Factorial", "Multiply"],
        { type: "main", of: "five", n: 5 },
        { type: "main", of: "three", n: 3 },
      ),
      unmatched: "dead-letter",
    };
    expect(checkRuleSet(manifest, { ...set, unmatched: "ignore" })).toEqual([]);
    const { unmatched } = await engine.start(set).result();
    expect(unmatched.map(({ body }) => `${body.of} ${body.returned}`).sort()).toEqual(["five 120", "three 6"]);
  });

  test("12: what a rule throws, each time that it is tried, becomes an error token for the rule that handles it", async () => {
    const run = engine.start(setOf(["Fail", "Handle"], { type: "fail", why: "no" }));
    expect(await run.result()).toMatchObject({
      firings: 2,
      unmatched: [{ body: { type: "handled", rule: "Fail", why: "no", on: "fail" } }],
    });
  });

  test("a token that is no token of the rule's type fails the firing, with the path of what is wrong", async () => {
    const run = engine.start(setOf(["Crawl", "Handle"], { type: "page", url: "/", links: "none" }));
    const { unmatched } = await run.result();
    expect(unmatched.map(({ body }) => body.why)).toEqual([expect.stringContaining('"token.links" must be')]);
  });

  test("7, 8: flow graph shows what may follow, a callback with its candidates; that of a run, what has", async () => {
    const set: RuleSet = {
      version: 1,
      name: "callbacks",
      rules: [
        { name: "apply", filter: { type: "apply" }, next: [{ token: { from: "token", path: "callback" } }] },
        {
          name: "ask",
          filter: { type: "ask" },
          run: { task: "Keep" },
          params: { token: { from: "token" } },
          next: [{ token: { from: "result" } }],
        },
        { name: "Keep", run: { rule: "Keep" } },
        { name: "Crawl", run: { rule: "Crawl" } },
      ],
      tokens: [
        { body: { type: "apply", callback: { type: "page", url: "/", links: ["/a"] } } },
        { body: { type: "apply", callback: { type: "found", url: "/" } } },
      ],
    };
    project.write("callbacks.json", JSON.stringify(set));
    const graph = async (subject: string, ...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await project.flow("graph", subject, ...args);
      expect([code, stderr]).toEqual([0, ""]);
      return stdout;
    };
    expect((await graph("callbacks.json", "--successors")).trimEnd().split("\n")).toEqual([
      "start -> List[apply, apply]",
      "apply -> symbolic token.callback{found | page}",
      "ask   -> symbolic token{…}",
      "Keep  -> end",
      "Crawl -> each*[Branch(Crawl)[a=found, b=page]]",
    ]);
    expect(await graph("callbacks.json", "--format", "svg")).toMatch(/^<svg /);
    const page = await project.flow("graph", "callbacks.json", "--format", "html");
    expect([page.code, page.stdout]).toEqual([0, expect.stringContaining('"kind":"rules"')]);

    const run = engine.start(set, { id: "called" });
    await run.result();
    const edges = JSON.parse(await graph("called", "--json")).edges as readonly Record<string, unknown>[];
    expect(edges.map(({ from = "start", to, token, count }) => `${from} -${token}-> ${to} ×${count}`).sort()).toEqual([
      "Crawl -found-> Keep ×2",
      "Crawl -page-> Crawl ×1",
      "apply -found-> Keep ×1",
      "apply -page-> Crawl ×1",
      "start -apply-> apply ×2",
    ]);
    expect((await graph("called")).split("\n")).toContain('  n3 -->|"found ×2"| n2');
    expect((await graph("called", "--successors")).split("\n")[1]).toBe("apply -> List[found, page]");
  });
});
