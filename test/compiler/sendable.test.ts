/** Parameters and results that do not survive a thread and the store: each is found with the path to the culprit. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template literal types
import { describe, expect, test } from "vitest";
import { oneModule } from "./one-module.js";

const PRELUDE = `
import { param, Task, task, value } from "millrace";
class Db { open = true }
class Base { onClick() {} }
abstract class Shape { abstract area(): number }
interface WithMethod { name: string; close(): void }
interface Callable { (text: string): void; hint: string }
interface Tree { children: Tree[]; render?: () => string }
interface Box<T> { item: T; next?: Box<T> }
class HttpError extends Error { response!: { body: ReadableStream } }
class PlainError extends Error { status = 500; cause = () => 1; describe() { return this.status } }
declare const brand: unique symbol;
@value({ id: "acme.bad" }) class Bad { inner = { close: () => {} }; ok = 1 }
@value({ id: "acme.good" }) class Good { x = 1; length() { return this.x } }
@value({ id: "acme.encoded" }) class Encoded { close = () => {}; static encode() { return 1 } static decode() { return new Encoded() } }
type Chain = Map<string, Chain | symbol>;
`;

/** Type → path from \`result\` → what stands there. */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ["() => void", "result", "a function"],
  ["typeof Db", "result", "a function"],
  ["new () => Db", "result", "a function"],
  ["Callable", "result", "a function"],
  ["Function", "result", "the class Function"],
  ["symbol", "result", "a symbol"],
  ["typeof brand", "result", "a symbol"],
  ["{ items: { onClick: (() => void) | null }[] }", "result.items[].onClick", "a function"],
  ["{ list: { token: symbol }[] }", "result.list[].token", "a symbol"],
  ["{ 'odd key': { f(): void } }", "result.odd key.f", "a function"],
  ["WithMethod", "result.close", "a function"],
  ["{ close?(): void }", "result.close", "a function"],
  ["Partial<WithMethod>", "result.close", "a function"],
  ["[string, { later: Promise<number> }]", "result[1].later", "a promise"],
  ["[first: string, ...rest: PromiseLike<number>[]]", "result[]", "a promise"],
  ["Db", "result", "the class Db"],
  ["Base[]", "result[]", "the class Base"],
  ["Shape | string", "result", "the class Shape"],
  ["WeakMap<object, string>", "result", "the class WeakMap"],
  ["Headers", "result", "the class Headers"],
  ["SharedArrayBuffer", "result", "the class SharedArrayBuffer"],
  ["{ next(): number }", "result.next", "a function"],
  ["Record<string, Db>", "result[]", "the class Db"],
  ["{ [key: `on${string}`]: () => void }", "result[]", "a function"],
  ["{ [key: string]: string | (() => void) }", "result[]", "a function"],
  ["Map<string, () => void>", "result.values()[]", "a function"],
  ["Map<Db, string>", "result.keys()[]", "the class Db"],
  ["{ seen: Set<{ who: Db }> }", "result.seen.values()[].who", "the class Db"],
  ["Tree", "result.render", "a function"],
  ["Box<Db>", "result.item", "the class Db"],
  ["Box<{ f: () => void }>[]", "result[].item.f", "a function"],
  ["Chain", "result.values()[]", "a symbol"],
  ["{ a: 1 } & { f(): void }", "result.f", "a function"],
  ["{ kind: 'a' } | { kind: 'b'; db: Db }", "result.db", "the class Db"],
  ["HttpError", "result.response.body", "the class ReadableStream"],
  ["{ bad: Bad }", "result.bad.inner.close", "a function"],
  ["Omit<WithMethod, 'name'>", "result.close", "a function"],
];

const ACCEPTED = [
  "{ name: string; at: Date }",
  "Omit<WithMethod, 'close'>",
  "PlainError",
  "AggregateError",
  "Good",
  "Encoded",
  "Box<Good>",
  "string & { [brand]: 1 }",
  "Map<Date, Set<bigint>>",
  "unknown",
  "any[]",
  "object",
  "Iterable<number>",
  "null | undefined",
];

const shown = (text: string, i: number): string =>
  `@task() export class T${i} extends Task<unknown> { run(): ${text} { throw new Error() } }\n`;

describe("results", () => {
  test("what does not survive is found with its path", async () => {
    await using project = await oneModule(PRELUDE + REFUSED.map(([text], i) => shown(text, i)).join(""));
    const { diagnostics } = await project.check();
    const found = diagnostics.map(({ code, data }) => [code, data.path, data.what]);
    expect(found).toEqual(REFUSED.map(([, path, what]) => ["value-not-sendable", path, what]));
  });

  test("what survives is not", async () => {
    await using project = await oneModule(PRELUDE + ACCEPTED.map((text, i) => shown(text, i)).join(""));
    expect((await project.check()).diagnostics).toEqual([]);
  });
});

test("parameters: the path begins with the parameter", async () => {
  const source = `@task() export class T extends Task<number> {
    @param() options!: { items: { onClick(): void }[] };
    run() { return 1 }
  }`;
  await using project = await oneModule(PRELUDE + source);
  const { diagnostics } = await project.check();
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'Parameter "options.items[].onClick" of T is a function, which cannot be sent to a step.',
  ]);
});
