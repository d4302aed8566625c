/** Stand-ins through a test's engine: prebaked results and controlled tasks. Recordings have a file of their own. */
import { defineTask, Flow, flow, param, Task, task } from "@millrace/sdk";
import { describe, expect, test } from "vitest";
import { ManualClock } from "../clock/manual-clock.js";
import { openTestEngine } from "../engine/open-test-engine.js";
import { controlled } from "./controlled.js";
import { prebaked } from "./prebaked.js";

interface Weather {
  readonly city: string;
  readonly at: Date;
}

let asked: string[] = [];

@task
class Look extends Task<Weather> {
  @param() city!: string;
  run(): Weather {
    asked.push(this.city);
    return { city: this.city, at: new Date(0) };
  }
  override onCreate(): void {
    asked.push(`${this.city} created`);
  }
}

@flow
class Trip extends Flow<Weather[]> {
  @param() cities!: string[];
  run(): Promise<Weather[]> {
    return this.map(this.cities, (city) => this.call(Look, { city }), { concurrency: 2 });
  }
}

describe("prebaked", () => {
  test("a value, and a function of the parameters, run in place of the task and its hooks", async () => {
    asked = [];
    const sunny = { city: "everywhere", at: new Date(1) };
    await using one = await openTestEngine({ standIns: [prebaked(Look, { value: sunny })] });
    expect(await one.run(Trip, { cities: ["Oslo", "Bergen"] })).toEqual([sunny, sunny]);
    const compute = ({ city = "" }: { city?: string }): Weather => ({ city: city.toUpperCase(), at: new Date(2) });
    await using other = await openTestEngine({ standIns: [prebaked(Look, { compute })] });
    expect(await other.run(Trip, { cities: ["Oslo"] })).toEqual([{ city: "OSLO", at: new Date(2) }]);
    expect(asked).toEqual([]);
  });

  test("what the function throws fails the attempt", async () => {
    const compute = (): never => {
      throw new RangeError("no weather");
    };
    await using engine = await openTestEngine({ standIns: [prebaked(Look, { compute })] });
    await expect(engine.run(Trip, { cities: ["Oslo"] })).rejects.toThrow(new RangeError("no weather"));
  });

  test("two stand-ins for one task are refused", async () => {
    const standIns = [prebaked(Look, { value: { city: "", at: new Date(0) } }), controlled(Look)];
    await expect(openTestEngine({ standIns })).rejects.toThrow(/two stand-ins for Look/);
  });

  test("what is no declared task has none", async () => {
    class Undeclared extends Task<void> {
      run(): void {}
    }
    const undeclared = openTestEngine({ standIns: [controlled(Undeclared)] });
    await expect(undeclared).rejects.toMatchObject({ code: "flow-misuse", hint: expect.stringContaining("@task") });
    const given: unknown = Trip; // the types refuse it
    const ofFlow = openTestEngine({ standIns: [controlled(given as typeof Look)] });
    await expect(ofFlow).rejects.toMatchObject({ code: "flow-misuse", message: expect.stringContaining("Trip") });
  });
});

describe("a controlled task", () => {
  test("finishes, fails, logs and reports progress when the test says so", async () => {
    const look = controlled(Look);
    await using engine = await openTestEngine({ standIns: [look] });
    const run = engine.start(Trip, { cities: ["Oslo", "Bergen", "Rome"] });
    const bergen = await look.next({ city: "Bergen" });
    expect(bergen.params).toEqual({ city: "Bergen" });
    bergen.log("warn", "100 % rain");
    bergen.progress(0.5, "half");
    expect(await engine.events.until("log")).toMatchObject({ level: "warn", text: "100 % rain" });
    expect(await engine.events.until("progress")).toMatchObject({ fraction: 0.5, message: "half" });
    bergen.finish({ city: "Bergen", at: new Date(3) });
    // Two at a time: Rome begins when Bergen has ended.
    const rome = await look.next({ city: "Rome" });
    engine.events.assertBefore("Look[1]", "Look[2]");
    expect(look.pending).toBe(1);
    rome.fail(new RangeError("closed"));
    await expect(run.result()).rejects.toThrow(new RangeError("closed"));
    expect(engine.events.mostTogether(Look)).toBe(2);
  });

  test("is aborted like any other, unless it hangs", async () => {
    const clock = new ManualClock();
    const look = controlled(Look);
    await using engine = await openTestEngine({ standIns: [look], clock });
    const obedient = engine.startTask(Look, { city: "Oslo" }, { timeout: "30s" });
    await look.next();
    clock.advance(30_000);
    await expect(obedient.result()).rejects.toMatchObject({ code: "step-timeout" });

    const deaf = engine.startTask(Look, { city: "Oslo" }, { timeout: "30s", grace: "3s" });
    const attempt = await look.next();
    attempt.hang();
    clock.advance(30_000);
    await clock.waiting(3_000);
    expect(attempt.signal.aborted).toBe(true);
    expect(deaf.state).toBe("running");
    clock.advance(3_000);
    await expect(deaf.result()).rejects.toThrow(/abandoned/);
  });

  test("starts anew for each attempt, after the pause that its options set", async () => {
    const clock = new ManualClock();
    const look = controlled(Look);
    await using engine = await openTestEngine({ standIns: [look], clock });
    const options = { timeout: "30s", retry: { attempts: 3, delay: "5s" } } as const;
    const run = engine.startTask(Look, { city: "Oslo" }, options);
    (await look.next()).fail(new RangeError("busy"));
    await clock.waiting(5_000);
    clock.advance(5_000);
    const second = await look.next();
    expect(second.info.attempt).toBe(2);
    clock.advance(30_000); // its time is over
    await clock.waiting(5_000);
    second.finish({ city: "late", at: new Date(0) });
    clock.advance(5_000);
    (await look.next({ city: "Oslo" })).finish({ city: "Oslo", at: new Date(1) });
    expect(await run.result()).toEqual({ city: "Oslo", at: new Date(1) });
    expect(engine.events.executions(Look).map(({ outcome }) => outcome)).toEqual(["failed", "failed", "succeeded"]);
    engine.events.assertNeverTogether(Look);
  });

  test("serves one engine after the other, and several at once", async () => {
    const look = controlled(Look);
    for (const city of ["Oslo", "Bergen"]) {
      await using engine = await openTestEngine({ standIns: [look] });
      const run = engine.startTask(Look, { city });
      (await look.next({ city })).finish({ city, at: new Date(0) });
      expect(await run.result()).toMatchObject({ city });
    }
    await using open = await openTestEngine({ standIns: [look] });
    const other = await openTestEngine({ standIns: [look] });
    const run = open.startTask(Look, { city: "Rome" });
    const interrupted = other.startTask(Look, { city: "Paris" });
    const [rome, paris] = [await look.next({ city: "Rome" }), await look.next({ city: "Paris" })];
    rome.hang();
    paris.hang();
    await other.close();
    expect(interrupted.state).toBe("suspended");
    const next = look.next({ city: "Kyiv" });
    rome.finish({ city: "Rome", at: new Date(0) });
    expect(await run.result()).toMatchObject({ city: "Rome" });
    const last = open.startTask(Look, { city: "Kyiv" });
    (await next).finish({ city: "Kyiv", at: new Date(0) });
    await last.result();
  });

  test("is waited for no longer than the engine is open", async () => {
    const look = controlled(Look);
    const engine = await openTestEngine({ standIns: [look] });
    const never = look.next({ city: "Nowhere" });
    const refused = expect(never).rejects.toMatchObject({
      code: "stand-in-failed",
      message: expect.stringContaining('Look with {"city":"Nowhere"}'),
    });
    await engine.close();
    await refused;
    await expect(look.next()).rejects.toMatchObject({ code: "stand-in-failed" });
  });

  test("names parameters of every kind when they never come", async () => {
    const Count = defineTask({ id: "Count", run: ({ upTo }: { upTo: bigint }) => upTo });
    const count = controlled(Count);
    const engine = await openTestEngine({ standIns: [count] });
    const refused = expect(count.next({ upTo: 9n })).rejects.toThrow('no attempt of Count with {"upTo":"9"} starts');
    await engine.close();
    await refused;
  });
});
