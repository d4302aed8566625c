/** Which steps of a flow overwrite a key of shared state without an order: in every shape that the graph knows. */
import { expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

const TASKS = `
import { Flow, flow, type Shared, Task, task } from "millrace";
@task() export class A extends Task<number> { async run() { await this.shared.set("k", 1); return 1; } }
@task() export class B extends Task<number> { async run() { await this.shared.delete("k"); return 2; } }
@task() export class Up extends Task<number> { async run() { return Number(await this.shared.update("k", () => 1)); } }
@task() export class Asks extends Task<number> { async run() { await this.shared.set("k", 1, { onConflict: "fail" }); return 1; } }
@task() export class Any extends Task<number> {
  async run() { await put(this.shared, Math.random() < 0.5 ? "k" : "l"); return 1; }
  override async onSuccess() { await this.shared.publish("hook", 1); }
}
async function put(shared: Shared, key: "k" | "l") { await shared.set(key, 1); }
@flow() export class Own extends Flow<void> { async run() { await this.shared.set("k", 3); } }
@flow() export class Deep extends Flow<void> { async run() { await this.call(Own); } }
`;

const ROWS: readonly (readonly [body: string, ...found: (readonly [key: string, steps: readonly string[]])[]])[] = [
  ["await Promise.all([this.call(A), this.call(B)]);", ["k", ["A", "B"]]],
  ["await Promise.race([this.call(A), this.call(B)]);", ["k", ["A", "B"]]],
  ["const a = this.call(A); await this.call(B); await a;", ["k", ["A", "B"]]],
  ["await this.call(A); await this.call(B);"],
  ["await Promise.all([this.call(A), this.call(Up), this.call(Asks)]);"],
  ["if ((await this.call(Up)) > 1) await this.call(A); else await this.call(B);"],
  ["try { await this.call(A); } catch { await this.call(B); }"],
  ["await Promise.all([this.call(A), this.call(Own)]);", ["k", ["A", "Own"]]],
  ["await Promise.all([this.call(A), this.call(Deep)]);", ["k", ["A", "Deep"]]],
  ["await Promise.all([this.call(A), this.call(Any)]);", ["k", ["A", "Any"]]],
  ["await this.map([1, 2], () => this.call(Any));", ["k", ["Any"]], ["l", ["Any"]], ["hook", ["Any"]]],
  ["await this.map([1, 2], () => this.call(A), { concurrency: 1 });"],
  ["for (const _ of [1, 2]) await this.call(A);"],
  ["await Promise.all([this.call(A), this.call(B).then(() => this.call(A))]);", ["k", ["A", "B", "A~2"]]],
];

test.each(ROWS)("%s", async (body, ...expected) => {
  await using project = await fixtureProject("pages", {
    "src/shared.ts": `${TASKS}\n@flow() export class Body extends Flow<void> { async run() { ${body} } }\n`,
  });
  const { diagnostics } = await project.check();
  const found = diagnostics.filter(({ code }) => code === "shared-unordered");
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const told = found.map(({ data }) => JSON.stringify([data?.key, data?.steps]));
  expect(told.sort()).toEqual(expected.map((one) => JSON.stringify(one)).sort());
});
