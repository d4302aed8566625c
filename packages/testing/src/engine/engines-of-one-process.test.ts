/** Engines beside and after each other in one process: what they share, and what must be as before once they are closed. */
import { memoryStore } from "@millrace/runtime";
import { defineTask, Flow, flow, param, Task, task } from "@millrace/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "../clock/manual-clock.js";
import { EventLog } from "../events/event-log.js";
import { controlled } from "../stand-ins/controlled.js";
import { prebaked } from "../stand-ins/prebaked.js";
import { openTestEngine } from "./open-test-engine.js";
import type { TestEngine } from "./test-engine.js";

@task
class Print extends Task<string> {
  @param() text!: string;
  run(): string {
    console.log(this.text);
    return this.text;
  }
}

@flow
class Inner extends Flow<string> {
  async run(): Promise<string> {
    const text = await this.step("made up", () => "inner");
    return this.call(Print, { text });
  }
}

@flow
class Outer extends Flow<string> {
  async run(): Promise<string> {
    await this.call(Inner);
    return this.call(Print, { text: "outer" });
  }
}

describe("two engines at once", () => {
  test("run the same classes, each with its own stand-ins, and hear only what their own tasks print", async () => {
    const before = [console.log, process.stdout.write, process.exit];
    const one = await openTestEngine();
    const other = await openTestEngine({ standIns: [prebaked(Print, { value: "baked" })] });
    const printed = (engine: TestEngine): string[] => engine.events.of("log").map(({ text }) => text);
    expect(await Promise.all([one.run(Outer), other.run(Outer)])).toEqual(["outer", "baked"]);
    expect([printed(one), printed(other)]).toEqual([["inner", "outer"], []]);
    await one.close();
    await other.close();
    expect([console.log, process.stdout.write, process.exit]).toEqual(before);
  });

  test("may have one clock: closing one moves no time of the other", async () => {
    const clock = new ManualClock();
    const Deaf = defineTask({ id: "Deaf", run: () => new Promise<void>(() => {}) });
    const print = controlled(Print);
    await using other = await openTestEngine({ clock, standIns: [print] });
    const limited = other.startTask(Print, { text: "a" }, { timeout: "2s" });
    const attempt = await print.next();
    const one = await openTestEngine({ clock });
    const run = one.startTask(Deaf);
    await one.events.until("step-running");
    const now = clock.now();
    await one.close();
    expect(run.state).toBe("suspended");
    expect(clock.now()).toBe(now);
    attempt.finish("in time");
    expect(await limited.result()).toBe("in time");
  });
});

describe("one log of several engines", () => {
  test("tells an interrupted execution from two at once, and waits until the last of them has closed", async () => {
    const store = memoryStore();
    const log = new EventLog();
    const print = controlled(Print);
    const first = await openTestEngine({ store, observers: [log], standIns: [print] });
    first.start(Outer, {}, { id: "outer" });
    (await print.next()).hang();
    const ended = log.until("run-ended");
    await using second = await openTestEngine({ store, observers: [log], classes: [Outer, Inner] });
    await first.close();
    expect(await (await second.resume("outer")).result()).toBe("outer");
    expect(await ended).toMatchObject({ state: "succeeded" });
    const inner = log.executions(
      ({ key, task }) => task === "Print" && key.includes("Outer/") && key.split("/").length > 4,
    );
    expect(inner.map(({ outcome }) => outcome)).toEqual(["interrupted", "succeeded"]);
    log.assertNeverTogether(Print);
  });

  test("a question that throws fails whoever asked, and nothing else", async () => {
    await using engine = await openTestEngine();
    const asked = engine.events.until("step-settled", () => {
      throw new RangeError("asked wrongly");
    });
    const refused = expect(asked).rejects.toThrow(new RangeError("asked wrongly"));
    await engine.run(Inner);
    await refused;
    await engine.run(Inner);
    expect(engine.events.executions(Print)).toHaveLength(2);
    await expect(
      engine.events.until("step-settled", () => {
        throw new RangeError("asked wrongly");
      }),
    ).rejects.toThrow("asked wrongly");
  });
});

describe("an engine of a whole file", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openTestEngine();
  });
  afterAll(() => engine.close());

  test("orders sub-flows and local steps as any other", async () => {
    await engine.run(Outer);
    // The key of a step of the outer body: flow, site, turn.
    engine.events.assertBefore(Inner, ({ node, key }) => node === "Print" && key.split("/").length === 3);
    engine.events.assertBefore("made up", Print);
    engine.events.assertExactlyOnce(Inner);
    expect(() => engine.events.assertBefore(Print, Inner)).toThrow(/Print had not ended when Inner began/);
  });

  test("goes on with the next test, and rejects what it cannot run", async () => {
    expect(await engine.run(Inner)).toBe("inner");
    class Undeclared extends Flow<void> {
      run(): void {}
    }
    // A rejection, not a throw.
    await expect(engine.run(Undeclared)).rejects.toMatchObject({ code: "flow-misuse" });
  });
});

test("as many steps as `maxConcurrency` says run at once, also more than by default", async () => {
  const print = controlled(Print);
  @flow
  class Many extends Flow<void> {
    async run(): Promise<void> {
      await this.map([...Array(70).keys()], (i) => this.call(Print, { text: `${i}` }));
    }
  }
  await using engine = await openTestEngine({ standIns: [print], maxConcurrency: 70 });
  const run = engine.start(Many);
  for (let i = 69; i >= 0; i--) (await print.next({ text: `${i}` })).finish("");
  await run.result();
  expect(engine.events.mostTogether(Print)).toBe(70);
  await using narrow = await openTestEngine({ maxConcurrency: 1 });
  await narrow.run(Many);
  narrow.events.assertNeverTogether(Print);
});

test("single tasks of one engine have flows with the same names in every test", async () => {
  const keys = async (): Promise<string[]> => {
    await using engine = await openTestEngine();
    await engine.runTask(Print, { text: "a" });
    await engine.runTask(Print, { text: "b" });
    return engine.events.executions(Print).map(({ step }) => step.key);
  };
  expect(await keys()).toEqual(await keys());
});

test("closing twice is closing once, and nothing starts afterwards", async () => {
  const engine = await openTestEngine();
  expect(engine.close()).toBe(engine.close());
  await engine.close();
  expect(() => engine.start(Inner)).toThrow(expect.objectContaining({ code: "engine-closed" }));
  await expect(engine.runTask(Print, { text: "" })).rejects.toMatchObject({ code: "engine-closed" });
});
