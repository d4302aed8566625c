/** Generic tasks: their parameters get a schema at each call that names type arguments, and are checked by it. */
import { inlineExecutor, memoryStore, openEngine } from "@millrace/runtime";
import { expect, test } from "vitest";
import { oneModule } from "./one-module.js";

const PRELUDE = `
import { Flow, flow, param, Task, task } from "millrace";
interface Named { name: string }
@task()
export class Store<T, N extends Named = Named> extends Task<T> {
  @param() item!: T;
  @param() by?: N;
  @param() list: T[] = [];
  async run() { return this.item }
}
@task()
export class Plain extends Task<number> { @param() n!: number; run() { return this.n } }
`;

const string = { type: "string" };
const named = { type: "object", properties: { name: string }, required: ["name"] };
const params = (item: object, by: object = named) => ({
  type: "object",
  properties: { item, by, list: { type: "array", items: item } },
  required: ["item"],
  additionalProperties: false,
});

test("each call with type arguments has its schema; the declaration has what its parameters extend", async () => {
  await using project = await oneModule(`${PRELUDE}
@flow()
export class Calls extends Flow<unknown> {
  async run() {
    const text = await this.call(Store<string>, { item: "a" });
    await this.call(Store<{ at: Date }, Named & { age: number }>, { item: { at: new Date(0) } });
    await this.map([1, 2], (n) => this.call(Store<number>, { item: n }));
    await this.call(Plain, { n: 1 });
    return this.keep(text);
  }
  keep<T>(item: T) { return this.call(Store<T>, { item }) }
}`);
  const { manifest, diagnostics } = await project.check();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(manifest?.tasks.Store?.paramsSchema).toEqual(params({}));
  const date = { type: "object", properties: { at: { "x-millrace-kind": "Date" } }, required: ["at"] };
  const aged = { type: "object", properties: { name: string, age: { type: "number" } }, required: ["age", "name"] };
  expect(manifest?.callSchemas).toEqual({
    "Calls.run#Store@text": { Store: params(string) },
    "Calls.run#Store": { Store: params(date, aged) },
    "Calls.run#Store@return": { Store: params({ type: "number" }) },
    "Calls.keep#Store@return": { Store: params({}) },
  });
});

test("a project without such calls has none", async () => {
  await using project = await oneModule(PRELUDE);
  expect((await project.check()).manifest).not.toHaveProperty("callSchemas");
});

test("type arguments that do not survive are found at the call, once; what never does, at the declaration", async () => {
  await using project = await oneModule(`${PRELUDE}
@task()
export class Bad<T> extends Task<number> { @param() on!: () => T; run() { return 1 } }
@flow()
export class Calls extends Flow<unknown> {
  @param() any!: any;
  async run() {
    await this.call(Store<{ close(): void }>, this.any);
    await this.call(Store<string>, this.any);
    await this.call(Bad<string>, this.any);
  }
}`);
  const { diagnostics } = await project.check();
  const lines = project.read("src/main.ts").split("\n");
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(
    errors.map(({ code, span, data }) => [
      code,
      data.path,
      lines[span.line - 1]?.slice(span.column - 1, span.endColumn - 1),
    ]),
  ).toEqual([
    ["value-not-sendable", "on", "on"],
    ["value-not-sendable", "item.close", "Store<{ close(): void }>"],
    ["value-not-sendable", "list[].close", "Store<{ close(): void }>"],
  ]);
});

test("values that came through `any` are checked by the type arguments of their call", async () => {
  await using project = await oneModule(`${PRELUDE}
@flow()
export class Calls extends Flow<unknown> {
  @param() value!: any;
  async run() {
    const text = await this.call(Store<string>, { item: this.value }).catch((error: Error) => error.message);
    const number = await this.call(Store<number>, { item: this.value }).catch((error: Error) => error.message);
    return { text, number };
  }
}`);
  await project.build();
  const store = memoryStore();
  await using engine = await openEngine({ cwd: project.root, store, executor: inlineExecutor(), observers: [] });
  expect(await engine.start("Calls", { value: "a" }).result()).toEqual({
    text: "a",
    number: 'The parameters of Store cannot be used:\n  "item" must be number, but it is "a".',
  });
});
