/** What `flow build` says of Refs: they stand for values in calls, alone and in lists, and nowhere else. */
import { expect, test } from "vitest";
import { oneModule } from "./one-module.js";

const PRELUDE = `
import { Flow, flow, param, type Ref, Task, task } from "millrace";
@task() export class Make extends Task<string> { run() { return "x"; } }
@task() export class Count extends Task<number> { run() { return 1; } }
@task() export class Read extends Task<string> {
  @param() text = ""; @param() list: readonly string[] = []; @param() pair: [string, number] = ["", 1];
  run() { return this.text + this.list + this.pair; }
}
`;

/** A body → what the build reports, by code. */
const BODIES: Readonly<Record<string, readonly string[]>> = {
  "return this.call(Read, { text: await this.ref(Make) });": [],
  "const text = await this.ref(Make); return this.call(Read, { text });": [],
  "const list = await Promise.all([this.ref(Make), this.call(Make)]); return this.call(Read, { list });": [],
  "const list = await this.map([1], () => this.ref(Make)); return this.call(Read, { list });": [],
  "return this.call(Read, { pair: [await this.ref(Make), await this.ref(Count)] });": [],
  "return (await this.ref(Read, { text: await this.ref(Make) })).value();": [],
  "const text = await this.ref(Count); return this.call(Read, { text } as never);": [],
  "const text = await this.ref(Count); return this.call(Read, { text });": ["param-mistyped"],
  "const list = await this.map([1], () => this.ref(Count)); return this.call(Read, { list });": ["param-mistyped"],
  "return this.call(Read, { list: await this.ref(Make) });": ["param-mistyped"],
  "return this.call(Read, { text: this.ref(Make) });": ["param-mistyped"],
  "this.ref(Make); return '';": ["floating-call"],
};

test.each(Object.entries(BODIES))("%s", async (body, expected) => {
  await using project = await oneModule(
    `${PRELUDE}@flow() export class Body extends Flow<string> { async run(): Promise<string> { ${body} } }`,
  );
  const { diagnostics } = await project.check();
  expect(diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code)).toEqual(expected);
});

test("a Ref is no result, since nobody would find what stands behind it", async () => {
  await using project = await oneModule(
    `${PRELUDE}@flow() export class Body extends Flow<Ref<string>> { run() { return this.ref(Make); } }`,
  );
  const { diagnostics } = await project.check();
  expect(diagnostics.map(({ code }) => code)).toContain("value-not-sendable");
});
