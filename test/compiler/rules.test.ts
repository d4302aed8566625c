/** Rule classes in the manifest: what their types say of the tokens that they match and give. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Emits, TaskEntry } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oneModule } from "./one-module.js";

const SOURCE = `
import { Rule, rule, type Token } from "millrace";

export interface Page { type: "page"; url: string; next?: string }
export interface Found { type: "found"; url: string }
export interface Broken { type: "broken"; page: { type: "page" }; status: 404 | 410 }
export interface Plain { id: string }
export type Sum = { type: "sum"; of: number[] };

function link(url: string): string {
  return url;
}

/** Follows the links of a page. */
@rule({ id: "crawl", retry: { attempts: 2 }, when: { kind: "html" } })
export class Crawl extends Rule<Page, Page | Found> {
  override match(page: Page): boolean {
    return page.url.startsWith("http");
  }
  async next(page: Page): Promise<(Page | Found)[]> {
    return [{ type: "found", url: link(page.url) }];
  }
  override onFailure(error: Error): void {
    this.log.error(error.message + this.token.url);
  }
}

@rule
export class Report extends Rule<Found | Broken> {
  next(_: Found | Broken): void {}
}

@rule({ when: [{ b: "d" }, { b: "e", c: { d: 1 } }] })
export class Any extends Rule {
  next(token: Token): Token {
    return token;
  }
}

@rule()
export class Both extends Rule<Plain, Page | Found> {
  next({ id }: Plain): [Page, Found] | undefined {
    return id ? [{ type: "page", url: id }, { type: "found", url: id }] : undefined;
  }
}

@rule()
export class Main extends Rule<{ type: "main" }, Sum | Found> {
  next() {
    return this.call({ type: "sum", of: [1] }, { type: "found", url: "" });
  }
}

@rule()
export class Add extends Rule<Sum, never> {
  next(sum: Sum) {
    return this.return(sum.of.length);
  }
}

abstract class Base extends Rule<Plain, Found> {
  abstract url(token: Plain): string;
  next(token: Plain): Found {
    return { type: "found", url: this.url(token) };
  }
}
@rule()
export class Derived extends Base {
  url(token: Plain): string {
    return token.id;
  }
}
`;

let project: TestProject;
let tasks: Readonly<Record<string, TaskEntry>>;
beforeAll(async () => {
  project = await oneModule(SOURCE);
  const { manifest, diagnostics } = await project.build();
  expect(diagnostics.map(({ code, data }) => [code, data?.rule])).toEqual([["emits-unknown", "Any"]]);
  tasks = manifest?.tasks ?? {};
});
afterAll(() => project?.remove());

function token(type: string): Emits {
  return { type: "token", token: { name: type, has: { type } } };
}

test("a rule is a task whose one parameter is its token", () => {
  expect(tasks.crawl).toMatchObject({
    kind: "task",
    className: "Crawl",
    doc: "Follows the links of a page.",
    hooks: ["onFailure"],
    params: [{ name: "token", required: true, text: "Page" }],
    paramsSchema: {
      properties: { token: { properties: { type: { const: "page" }, url: { type: "string" } } } },
      required: ["token"],
    },
  });
  expect(tasks.crawl?.options).toEqual({ retry: { attempts: 2 } });
  expect(tasks.Main?.params).toMatchObject([{ name: "token", text: '{ type: "main"; }' }]);
  expect(tasks.Derived?.params).toMatchObject([{ name: "token", text: "Plain" }]);
});

test("filters are the constants of the token's type, each alternative with each filter of `when`", () => {
  expect(tasks.crawl?.rule?.filters).toEqual([{ type: "page", kind: "html" }]);
  expect(tasks.Report?.rule?.filters).toEqual([
    { type: "broken", page: { type: "page" }, status: 404 },
    { type: "broken", page: { type: "page" }, status: 410 },
    { type: "found" },
  ]);
  expect(tasks.Any?.rule?.filters).toEqual([{ b: "d" }, { b: "e", c: { d: 1 } }]);
  expect(tasks.Both?.rule?.filters).toEqual([{}]);
  expect([tasks.crawl?.rule?.match, tasks.Any?.rule?.match]).toEqual([true, undefined]);
});

test("what may follow is a type, a list, a branch, any number of them, a call or a return", () => {
  const emits = (id: string): Emits | undefined => tasks[id]?.rule?.emits;
  expect(emits("crawl")).toEqual({ type: "each", of: { type: "branch", arms: [token("found"), token("page")] } });
  expect(emits("Report")).toEqual({ type: "end" });
  expect(emits("Any")).toEqual({ type: "symbolic", reason: "its type is Readonly<Record<string, unknown>>" });
  expect(emits("Both")).toEqual({
    type: "branch",
    arms: [{ type: "end" }, { type: "list", of: [token("page"), token("found")] }],
  });
  expect(emits("Main")).toEqual({ type: "call", enters: token("sum"), back: token("found") });
  expect(emits("Add")).toEqual({ type: "return" });
  expect(emits("Derived")).toEqual(token("found"));
});

test("the manifest's schema knows rules, and refuses damaged ones", () => {
  const schema = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve("@millrace/core/manifest.schema.json"), "utf8"),
  );
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const manifest = JSON.parse(project.read(".flow/manifest.json"));
  expect(validate(manifest)).toBe(true);
  manifest.tasks.Main.rule.emits.back = { type: "token" };
  expect(validate(manifest)).toBe(false);
});

test("code that `next` reaches is its fingerprint; `match` decides whether there is a firing, not what it gives", async () => {
  const before = tasks.crawl?.fingerprint;
  expect(before?.symbols).toContain("src/main.ts#link");
  expect(before?.symbols?.filter((name) => name.includes("match"))).toEqual([]);
  const other = await oneModule(SOURCE.replace('startsWith("http")', 'startsWith("ftp")'));
  try {
    expect((await other.build()).manifest?.tasks.crawl?.fingerprint.hash).toBe(before?.hash);
    other.write("src/main.ts", SOURCE.replace("return url;", 'return url + "/";'));
    expect((await other.build()).manifest?.tasks.crawl?.fingerprint.hash).not.toBe(before?.hash);
  } finally {
    await other.remove();
  }
});

test("generated types leave rules alone: their type arguments are exact", () => {
  expect(project.read(".flow/types.d.ts")).not.toContain("Crawl");
});

const TWINS = `
import { Rule, rule } from "millrace";

export interface Page { type: "page"; url: string }
export interface Found { type: "found"; url: string }

/** Follows. */
@rule({ id: "Follow", when: [{ kind: "html" }], timeout: "1s" })
export class FollowClass extends Rule<Page, Page | Found> {
  override match(page: Page): boolean {
    return page.url !== "";
  }
  async next(page: Page): Promise<(Page | Found)[]> {
    return [page];
  }
  override onDestroy(): void {}
}

@rule({ id: "Call" })
export class CallClass extends Rule<Page, Page | Found> {
  next(page: Page) {
    return this.call(page, { type: "found", url: page.url });
  }
}
`;

const FUNCTIONS = `
import { defineRule } from "millrace";

export interface Page { type: "page"; url: string }
export interface Found { type: "found"; url: string }

/** Follows. */
export const follow = defineRule({
  id: "Follow",
  when: [{ kind: "html" }],
  options: { timeout: "1s" },
  hooks: { onDestroy: (page: Page) => {} },
  match: (page: Page) => page.url !== "",
  next: async (page: Page): Promise<(Page | Found)[]> => [page],
});

export const call = defineRule<Page, Page | Found>({
  id: "Call",
  next: (page, { call }) => call(page, { type: "found", url: page.url }),
});
`;

test("what defineRule makes is the same as a class", async () => {
  const [classes, functions] = await Promise.all(
    [TWINS, FUNCTIONS].map(async (source) => {
      await using twin = await oneModule(source);
      const { manifest, diagnostics } = await twin.build();
      expect(diagnostics).toEqual([]);
      return Object.values(manifest?.tasks ?? {}).map(({ className, exportName, span, fingerprint, ...rest }) => rest);
    }),
  );
  expect(functions?.map(({ params, ...rest }) => [rest, params.map(({ text, ...param }) => param)])).toEqual(
    classes?.map(({ params, ...rest }) => [rest, params.map(({ text, ...param }) => param)]),
  );
  expect(functions).toHaveLength(2);
});
