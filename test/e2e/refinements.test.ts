/** Standard Schemas refine parameters where the code runs: never at build time, in the thread for tasks, before anything else. */
import { existsSync } from "node:fs";
import { type Engine, memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";

const SOURCE = `
import { existsSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { defineFlow, defineTask, Flow, flow, param, type StandardSchemaV1, Task, task } from "millrace";

writeFileSync(new URL("../loaded", import.meta.url), "");

function schema<T>(check: (value: T) => { value: T } | { issues: { message: string; path?: (string | number | { key: string })[] }[] }, later = false): StandardSchemaV1<T> {
  return { "~standard": { version: 1, vendor: "acme", validate: (value) => {
    const result = check(value as T);
    return later ? new Promise((resolve) => setImmediate(() => resolve(result))) : result;
  } } };
}
const city = schema<string>((text) => text.startsWith("X") ? { issues: [{ message: "no city begins with X" }] } : { value: text.trim() });
const stops = schema<{ at: string[] }>((given) => {
  const issues = given.at.flatMap((text, i) => text === "" ? [{ message: "empty", path: ["at", { key: String(i) } ] }] : []);
  return issues.length > 0 ? { issues } : { value: { at: given.at.map((text) => text + (isMainThread ? "!" : "?")) } };
}, true);
const range = schema<{ from: number; to: number }>((p) => p.from > p.to ? { issues: [{ message: "from is after to" }] } : { value: { ...p, to: p.to + 1 } });

let created = 0;
@task({ retry: { attempts: 3 } })
export class Visit extends Task<unknown> {
  @param(city) city!: string;
  @param(city) home = " Xanadu ";
  @param(stops) stops!: { at: string[] };
  onCreate() { created += 1 }
  run() { return { city: this.city, home: this.home, stops: this.stops.at, created } }
}
export const Count = defineTask({ id: "Count", params: range, run: ({ from, to }) => to - from });
export const Sum = defineFlow({
  id: "Sum",
  params: range,
  run: async (p, flow) => (await flow.call(Count, { from: p.from, to: p.to })) * 10,
});
@flow()
export class Trip extends Flow<unknown> {
  @param(city) city!: string;
  @param(stops) stops: { at: string[] } = { at: ["a"] };
  async run() {
    return { city: this.city, visit: await this.call(Visit, { city: this.city, stops: this.stops }) };
  }
}
@task()
export class Once extends Task<string> {
  @param() text!: string;
  run() {
    const mark = new URL("../tried", import.meta.url);
    if (existsSync(mark)) return this.text;
    writeFileSync(mark, "");
    throw new Error("not yet");
  }
}
@flow()
export class Twice extends Flow<unknown> {
  @param(stops) stops!: { at: string[] };
  async run() {
    const first = await this.call(Count, { from: 1, to: 2 });
    return { first, text: await this.call(Once, { text: this.stops.at.join() }) };
  }
}
@flow()
export class Outer extends Flow<unknown> {
  async run() {
    const bad = await this.call(Trip, { city: "Xi" }).catch((error: Error) => error.message);
    const lost = await this.call(Visit, { city: "X", stops: { at: ["", "b", ""] } }).catch((error: any) => error);
    return { bad, lost: lost.message, issues: lost.data.issues };
  }
}
`;

let project: TestProject;
let engine: Engine;

beforeAll(async () => {
  project = await oneModule(SOURCE);
  const { diagnostics } = await project.build();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});
afterAll(async () => {
  await engine?.close();
  project?.remove();
});

test("no schema runs at build time", () => {
  expect(existsSync(project.path("loaded"))).toBe(false);
});

describe("on real threads", () => {
  beforeAll(async () => {
    engine = await openEngine({ cwd: project.root, store: memoryStore(), observers: [] });
  });

  test("the output replaces what was given; defaults are not refined", async () => {
    const result = await engine.start("Trip", { city: " Oslo ", stops: { at: ["b"] } }).result();
    expect(result).toMatchObject({ city: "Oslo", visit: { city: "Oslo", home: " Xanadu ", stops: ["b!?"] } });
    expect(existsSync(project.path("loaded")), "now the module has run").toBe(true);
    expect(await engine.start("Trip", { city: "Oslo" }).result()).toMatchObject({ visit: { stops: ["a?"] } });
  });

  test("functions are refined as a whole, also without a type at `run`", async () => {
    expect(await engine.start("Sum", { from: 1, to: 3 }).result()).toBe(40);
    await expect(engine.start("Sum", { from: 3, to: 1 }).result()).rejects.toMatchObject({
      code: "invalid-parameters",
      message:
        "The parameters of Sum cannot be used:\n  The value is not valid, since it is { from: 3, to: 1 }: from is after to",
    });
  });

  test("a run whose parameters are refused fails before its first step", async () => {
    const run = engine.start("Trip", { city: "Xi" });
    await expect(run.result()).rejects.toMatchObject({
      code: "invalid-parameters",
      data: {
        flow: "Trip",
        issues: [{ path: "city", problem: "invalid", expected: "what its acme schema accepts", actual: '"Xi"' }],
      },
    });
    expect(run.totals.total).toBe(0);
  });

  test("a resume refines again before anything is delivered", async () => {
    const run = engine.start("Twice", { stops: { at: ["a", "b"] } }, { id: "twice" });
    await expect(run.result()).rejects.toThrow("not yet");
    const resumed = await engine.resume("twice");
    expect(await resumed.result()).toEqual({ first: 2, text: "a!,b!" });
    expect(resumed.totals).toMatchObject({ restored: 1 });
  });

  test("a call is refused in the form of all errors of parameters, once, and no hook runs", async () => {
    const attempts: unknown[] = [];
    const run = engine.start("Outer", {});
    const watching = (async () => {
      for await (const event of run.events()) if (event.type === "step-running") attempts.push(event);
    })();
    expect(await run.result()).toEqual({
      bad: 'The parameters of Trip cannot be used:\n  "city" is not valid, since it is "Xi": no city begins with X',
      lost: [
        "The parameters of Visit cannot be used:",
        '  "city" is not valid, since it is "X": no city begins with X',
        '  "stops.at[0]" is not valid, since it is "": empty',
        '  "stops.at[2]" is not valid, since it is "": empty',
      ].join("\n"),
      issues: [{ path: "city" }, { path: "stops.at[0]" }, { path: "stops.at[2]" }].map((issue) =>
        expect.objectContaining(issue),
      ),
    });
    await watching;
    expect(attempts).toHaveLength(2);
  });
});
