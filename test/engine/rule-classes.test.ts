/** Rule classes where they run: what `next` gives, what of it is refused, and what `match` says on the main thread. */
import { readManifest, type TaskEntry } from "@millrace/core";
import { type Engine, openEngine } from "@millrace/runtime";
import { PinnedBuild } from "@millrace/runtime/internal";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";

const SOURCE = `
import { defineRule, Flow, flow, param, Rule, rule, type Token } from "millrace";

type Ask = { type: "ask"; how: string };
type Page = { type: "page"; n: number };
type Found = { type: "found"; n: number };

@rule()
export class Give extends Rule<Ask, Page | Found> {
  override onCreate(): void {
    this.log.info("asked for " + this.token.how);
  }
  async next({ how }: Ask): Promise<any> {
    switch (how) {
      case "one": return { type: "page", n: 1 };
      case "list": return [{ type: "page", n: 1 }, undefined, { type: "found", n: 2 }];
      case "call": return this.call({ type: "page", n: 1 }, { type: "found", n: 2 });
      case "return": return this.return({ n: 1 });
      case "number": return 5;
      case "nested list": return [[{ type: "page", n: 1 }]];
      case "class": return new URL("http://localhost");
      case "function": return { type: "page", n: () => 1 };
      default: return undefined;
    }
  }
}

/** The same, held to its types. */
@rule()
export class Typed extends Rule<Ask, Page | Found> {
  next({ how }: Ask): Page | undefined {
    // What has no types may come from anywhere.
    const odd: Readonly<Record<string, unknown>> = {
      page: { type: "page", n: 1, more: true },
      found: { type: "found", n: 1 },
      other: { type: "other" },
      call: this.call({ type: "page", n: 1 }, { type: "page", n: 1 }),
      return: this.return(1),
    };
    return odd[how] as Page | undefined;
  }
}

@rule({ when: { how: "x" } })
export class Odd extends Rule<Ask> {
  override match(token: Ask & { answer?: unknown }): boolean {
    if (token.answer === "throw") throw new RangeError("no answer");
    return token.answer as boolean;
  }
  next(token: Token): Token {
    return token;
  }
}

export const made = defineRule({
  id: "Made",
  hooks: { onCreate: (ask: Ask, { log }) => log.info("made for " + ask.how) },
  match: ({ how }: Ask) => how !== "no",
  next: (ask: Ask, { call, return: back, info }): Page | Found | ReturnType<typeof call<Page, Found>> | ReturnType<typeof back> => {
    const page: Page = { type: "page", n: info.attempt };
    return ask.how === "call" ? call(page, { type: "found", n: 2 }) : ask.how === "return" ? back(page) : page;
  },
});

@flow()
export class Make extends Flow<unknown> {
  @param() how!: string;
  async run(): Promise<unknown> {
    return this.call(made, { token: { type: "ask", how: this.how } });
  }
}

@flow()
export class Wrong extends Flow<unknown> {
  async run(): Promise<unknown> {
    return this.call(Give, { token: JSON.parse('{ "type": "ask", "how": 5 }') });
  }
}

@flow()
export class Fire extends Flow<unknown> {
  @param() how!: string;
  @param() typed = false;
  async run(): Promise<unknown> {
    const token: Ask = { type: "ask", how: this.how };
    return this.typed ? this.call(Typed, { token }) : this.call(Give, { token });
  }
}
`;

let project: TestProject;
let engine: Engine;
beforeAll(async () => {
  project = await oneModule(SOURCE);
  const { diagnostics } = await project.build();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  engine = await openEngine({ cwd: project.root, threads: 1 });
});
afterAll(async () => {
  await engine?.close();
  await project?.remove();
});

function fire(how: string, typed = false): Promise<unknown> {
  return engine.start("Fire", { how, typed }).result();
}

test.each([
  ["one", [{ token: { type: "page", n: 1 } }]],
  ["list", [{ token: { type: "page", n: 1 } }, { token: { type: "found", n: 2 } }]],
  ["call", [{ call: { type: "page", n: 1 }, back: { type: "found", n: 2 } }]],
  ["return", [{ return: { n: 1 } }]],
  ["nothing", []],
])("%s is written down as emissions", async (how, emissions) => {
  expect(await fire(how)).toEqual(emissions);
});

test.each([
  ["number", "Rule Give gave 5 for a token."],
  ["nested list", "Rule Give gave, at place 0 of its list,"],
  ["class", "Rule Give gave http://localhost/ for a token."],
])("%s is no token", async (how, message) => {
  await expect(fire(how)).rejects.toMatchObject({ code: "token-invalid", message: expect.stringContaining(message) });
});

test("a token is recorded as any value is", async () => {
  await expect(fire("function")).rejects.toMatchObject({ code: "value-not-sendable" });
});

test("what the types of `next` allow goes through, with whatever else it has", async () => {
  expect(await fire("page", true)).toEqual([{ token: { type: "page", n: 1, more: true } }]);
  expect(await fire("nothing", true)).toEqual([]);
});

test.each([
  ["found", "Rule Typed gave a token {", ["page"]],
  ["other", "Rule Typed gave a token {", ["page"]],
  ["call", "Rule Typed gave a call with a token {", []],
  ["return", "Rule Typed gave a return, which its types do not declare.", []],
])("7.3.7 an undeclared emission fails the firing: %s", async (how, message, declared) => {
  await expect(fire(how, true)).rejects.toMatchObject({
    code: "token-undeclared",
    message: expect.stringContaining(message),
    data: expect.objectContaining({ rule: "Typed", declared }),
  });
});

test("a token that is not of the rule's type is refused before it is given", async () => {
  await expect(engine.start("Wrong", {}).result()).rejects.toMatchObject({
    code: "invalid-parameters",
    message: expect.stringContaining('"token.how" must be string, but it is 5'),
  });
});

test("a rule made of a function gives the same", async () => {
  const make = (how: string): Promise<unknown> => engine.start("Make", { how }).result();
  expect(await make("page")).toEqual([{ token: { type: "page", n: 1 } }]);
  expect(await make("call")).toEqual([{ call: { type: "page", n: 1 }, back: { type: "found", n: 2 } }]);
  expect(await make("return")).toEqual([{ return: { type: "page", n: 1 } }]);
  const { tasks } = readManifest(project.read(".flow/manifest.json"), "manifest.json");
  const matches = await (await PinnedBuild.open(project.path(".flow"))).loadMatch(tasks.Made as TaskEntry);
  expect([matches({ type: "ask", how: "yes" }), matches({ type: "ask", how: "no" })]).toEqual([true, false]);
});

test("match is asked on the main thread, and only of what the filters let through", async () => {
  const build = await PinnedBuild.open(project.path(".flow"));
  const { tasks } = readManifest(project.read(".flow/manifest.json"), "manifest.json");
  const matches = await build.loadMatch(tasks.Odd as TaskEntry);
  expect(matches({ type: "ask", how: "x", answer: true })).toBe(true);
  expect(matches({ type: "ask", how: "x", answer: false })).toBe(false);
  expect(matches({ type: "ask", how: "y", answer: "throw" })).toBe(false);
  for (const [answer, why] of [
    ["throw", "threw: no answer"],
    [Promise.resolve(true), "gave a promise"],
    [1, "gave number"],
  ])
    expect(() => matches({ type: "ask", how: "x", answer })).toThrow(
      expect.objectContaining({
        code: "rule-match-failed",
        message: expect.stringMatching(`^match of rule Odd \\(src/main.ts:\\d+\\) ${why}`),
      }),
    );
  const plain = await build.loadMatch(tasks.Give as TaskEntry);
  expect([plain({ type: "ask" }), plain({ type: "page" }), plain({})]).toEqual([true, false, false]);
});
