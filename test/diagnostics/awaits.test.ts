/** What a flow body may wait for: every way to a promise that no step stands behind, and what only looks like one. */
import { describe, expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

const PACKAGE = {
  "vendor/stock/package.json":
    '{ "name": "stock", "version": "1.0.0", "types": "index.d.ts", "main": "index.js", "type": "module" }',
  "vendor/stock/index.js":
    "export const load = 1, connect = 1, maybe = 1, query = 1, sql = 1, rows = 1, first = 1, retry = 1, connected = 1, untyped = 1, Queue = class {};",
  "vendor/stock/index.d.ts": `
export declare function load(key?: unknown): Promise<string>;
export declare function connect(): Promise<Query>;
export declare function maybe(): string | Promise<string>;
export declare function query(text: string): Query;
export declare function sql(texts: TemplateStringsArray, ...values: unknown[]): Promise<string[]>;
export declare function rows(): AsyncIterable<string>;
export declare function first<T>(items: readonly T[]): T;
export declare function retry<T>(body: () => Promise<T>): Promise<T>;
export declare const connected: Promise<void>;
export declare const untyped: any;
export interface Query { where(text: string): Query; then<R>(done: (rows: string[]) => R): Promise<R>; }
export declare class Queue { readonly ready: Promise<void>; add(body: () => unknown): void; idle(): Promise<void>; size: number; }
`,
};

/** What the bodies use. */
const HELPERS = `
import { load, Queue, rows } from "stock";
export const pending = load();
export const own = init();
export const plain = Promise.resolve(1);
export const counted = count();
export let lazy: Promise<string> | undefined;
export const open = (): Promise<string> => (lazy ??= load());
export async function init() { await load(); return 1; }
export async function count() { return 1; }
export function give() { return load(); }
export async function hand() { return load(); }
export async function wait<T>(promise: Promise<T>): Promise<T> { return await promise; }
export class Store {
  static shared = load();
  readonly queue = new Queue();
  readonly loaded: Promise<string>;
  constructor() { this.loaded = load(); }
  get fresh() { return load(); }
  async *each() { yield* rows(); }
}
`;

const body = (text: string, index: number): readonly [path: string, text: string] => [
  `src/body${index}.ts`,
  `import { Flow, flow } from "millrace";
import * as helpers from "./helpers.js";
import { count, counted, give, hand, init, lazy, open, own, pending, plain, Store, wait } from "./helpers.js";
import { Fetch } from "./steps.js";
import { connect, connected, first, load, maybe, query, retry, rows, sql, untyped } from "stock";
@flow() export class Body${index} extends Flow<unknown> { #kept = load(); #step?: Promise<string>; async run() { ${text} } }
`,
];

type Found = readonly [code: string, awaits: unknown, related: number];

/** The errors of each of some bodies, of one project. */
async function findings(bodies: readonly string[]): Promise<readonly (readonly Found[])[]> {
  const files = Object.fromEntries(bodies.map(body));
  await using project = await fixtureProject("pages", { ...PACKAGE, "src/helpers.ts": HELPERS, ...files });
  const { diagnostics } = await project.check();
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const places = errors.map(({ code, data, span, related }) => ({
    files: [span, ...related.map((each) => each.span)].map(({ file }) => file),
    found: [code, data?.awaits ?? data?.uses, related.length] as const,
  }));
  return bodies.map((text, index) =>
    places.filter(({ files }) => files.includes(body(text, index)[0])).map(({ found }) => found),
  );
}

describe("is no step", () => {
  /** Bodies, what they wait for, and the number of related places: the way, and where the promise is made. */
  const ROWS: readonly (readonly [body: string, ...awaits: (readonly [string, number])[]])[] = [
    ["await load();", ["load()", 0]],
    ["const kept = load(); await kept;", ["kept", 1]],
    ["let kept = this.call(Fetch, { city: '' }); if (this.now() > 1) kept = load(); await kept;", ["kept", 1]],
    ["const held = { inner: [load()] }; await held.inner[0];", ["held.inner[0]", 1]],
    ["const page = await this.call(Fetch, { city: '' }); await load(page);", ["load(page)", 0]],
    ["await maybe();", ["maybe()", 0]],
    ["await query('a').where('b');", ["query('a').where('b')", 0]],
    ["await sql`select 1`;", ["sql`select 1`", 0]],
    ["for await (const row of rows()) this.log.info(row);", ["rows()", 0]],
    ["for await (const page of [load()]) this.log.info(page);", ["[load()]", 0]],
    ["await new Promise((resolve) => resolve(1));", ["new Promise((resolve) => resolve(1))", 0]],
    [
      "await Promise.all([this.call(Fetch, { city: '' }), load()]);",
      ["Promise.all([this.call(Fetch, { city: '' }), load()])", 0],
    ],
    ["await Promise.race([load()]);", ["Promise.race([load()])", 0]],
    ["await Promise.all(['a'].map((key) => load(key)));", ["Promise.all(['a'].map((key) => load(key)))", 0]],
    [
      "await Promise.all(this.info.run.split('').map((key) => load(key)));",
      ["Promise.all(this.info.run.split('').map((key) => load(key)))", 0],
    ],
    ["this.info.run.split('').forEach(async (key) => { await load(key); });", ["load(key)", 1]],
    ["await load().then((text) => text.length);", ["load()", 0]],
    ["await load().catch(() => '');", ["load().catch(() => '')", 0]],
    ["await load().then((text) => text, () => '');", ["load().then((text) => text, () => '')", 0]],
    ["await pending;", ["pending", 1]],
    ["await helpers.pending;", ["helpers.pending", 1]],
    ["await own;", ["own", 1]],
    ["await lazy;", ["lazy", 1]],
    ["await open();", ["open()", 1]],
    ["await connected;", ["connected", 0]],
    ["await this.#kept;", ["this.#kept", 1]],
    ["await Store.shared;", ["Store.shared", 1]],
    ["await new Store().loaded;", ["new Store().loaded", 1]],
    ["await new Store().fresh;", ["new Store().fresh", 1]],
    ["await new Store().queue.ready;", ["new Store().queue.ready", 0]],
    ["for await (const row of new Store().each()) this.log.info(row);", ["rows()", 1]],
    ["await give();", ["give()", 1]],
    ["await hand();", ["hand()", 1]],
    ["await wait(load());", ["promise", 2]],
    ["await first([load()]); await retry(() => load());", ["retry(() => load())", 0]],
  ];

  test("each row", async () => {
    const found = await findings(ROWS.map(([text]) => text));
    expect(ROWS.map(([text], at) => [text, found[at]])).toEqual(
      ROWS.map(([text, ...awaits]) => [text, awaits.map((each) => ["await-not-a-step", ...each])]),
    );
  });
});

describe("is none, and is said once", () => {
  const ROWS: readonly (readonly [body: string, code: string, what: string])[] = [
    ["await fetch('');", "impure-flow-body", "fetch"],
    ["const answer = fetch(''); await answer;", "impure-flow-body", "fetch"],
    ["await (await fetch('')).json();", "impure-flow-body", "fetch"],
    ["await fetch('').then((answer) => answer.json());", "impure-flow-body", "fetch"],
    ["await new Promise((done) => setTimeout(done, 1));", "impure-flow-body", "setTimeout"],
    ["const answer = await fetch(''); return await answer.json();", "impure-flow-body", "fetch"],
    ["const client = await connect(); await client.where('a').where('b');", "await-not-a-step", "connect()"],
    ["const kept = load(); kept.then(() => load());", "await-not-a-step", "kept"],
  ];

  test("each row", async () => {
    const found = await findings(ROWS.map(([text]) => text));
    expect(ROWS.map(([text], at) => [text, found[at]])).toEqual(
      ROWS.map(([text, code, what]) => [text, [[code, what, what === "kept" ? 1 : 0]]]),
    );
  });

  test("two mistakes are two", async () => {
    const [found = []] = await findings(["await load(Date.now());"]);
    expect(found.map(([code]) => code)).toEqual(["await-not-a-step", "impure-flow-body"]);
  });
});

describe("may be awaited", () => {
  const BODIES = [
    "await this.call(Fetch, { city: '' }); await Promise.all([this.step('a', () => load()), 1]);",
    "await this.step('all', async () => { await load(); for await (const row of rows()) this.log.info(row); await pending; });",
    "await plain; await counted; await count(); await 1; await untyped.load(); await untyped;",
    "await Promise.resolve(1); await Promise.all([count(), plain]); await Promise.reject(new Error()).catch(() => 1);",
    "await wait(this.call(Fetch, { city: '' }));",
    "this.#step ??= this.call(Fetch, { city: '' }); await this.#step;",
    "const kept = load(); return this.step('kept', () => kept);",
    "await first([this.call(Fetch, { city: '' })]);",
    "await retry(() => this.call(Fetch, { city: '' }));",
    "const kept = this.call(Fetch, { city: '' }); await retry(() => kept); await kept;",
    "await new Promise((done) => { this.call(Fetch, { city: '' }).then(done); });",
    "const { queue } = new Store(); queue.add(() => this.call(Fetch, { city: '' })); await queue.idle();",
    "const module = await import('./here.js'); return module;",
  ];

  test("each row", async () => {
    expect((await findings(BODIES)).map((found, at) => [BODIES[at], found])).toEqual(BODIES.map((text) => [text, []]));
  });
});

test("the hint speaks of the flow by its name, and the way names the helper", async () => {
  await using project = await fixtureProject("pages", {
    ...PACKAGE,
    "src/body.ts": `import { defineFlow, type Flow } from "millrace";
import { load } from "stock";
async function helper() { await load(); }
export const Body = defineFlow({ id: "Body", async run(_: object, outer: Flow) { await helper(); return outer.now(); } });
`,
  });
  const { diagnostics } = await project.check();
  const [found] = diagnostics.filter(({ code }) => code === "await-not-a-step");
  expect(found?.hint).toContain("outer.step(name, fn)");
  expect(found?.related.map(({ message }) => message)).toEqual(["Body calls `helper` here"]);
});
