/** Stand-ins through a test's engine: prebaked results, recordings, controlled tasks. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Flow, flow, param, Task, task } from "@millrace/sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ManualClock } from "../clock/manual-clock.js";
import { openTestEngine } from "../engine/open-test-engine.js";
import { controlled } from "./controlled.js";
import { prebaked } from "./prebaked.js";
import type { RecordMode } from "./recording.js";

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

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-recording-"));
});
afterAll(() => rm(folder, { recursive: true }));

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
});

describe("a recorded file", () => {
  const file = (): string => join(folder, "look.json");
  const travel = async (cities: string[], record?: RecordMode): Promise<Weather[]> => {
    await using engine = await openTestEngine({
      standIns: [prebaked(Look, { file: file(), ...(record ? { record } : {}) })],
    });
    return await engine.run(Trip, { cities });
  };

  test("is written once the engine closes, read back exactly, added to, and deterministic", async () => {
    asked = [];
    const first = await travel(["Oslo", "Bergen"], "all");
    expect(asked.sort()).toEqual(["Bergen", "Bergen created", "Oslo", "Oslo created"]);
    const text = await readFile(file(), "utf8");
    expect(JSON.parse(text)).toMatchObject({ version: 1, task: "Look", results: [{}, {}] });
    expect(text).toContain('"city": "Oslo"');

    asked = [];
    expect(await travel(["Bergen", "Oslo"])).toEqual([first[1], first[0]]);
    expect(asked).toEqual([]);
    await travel(["Oslo", "Paris"], "missing");
    expect(asked).toEqual(["Paris created", "Paris"]);
    expect(JSON.parse(await readFile(file(), "utf8")).results).toHaveLength(3);
    await travel(["Bergen", "Oslo"], "all");
    expect(await readFile(file(), "utf8")).toBe(text);
  });

  test("that lacks a result says so, with the way to record it", async () => {
    await expect(travel(["Atlantis"])).rejects.toMatchObject({
      code: "stand-in-failed",
      message: expect.stringMatching(/look\.json has no result of Look for \{"city":"Atlantis"\}/),
      hint: expect.stringContaining("MILLRACE_RECORD=missing"),
    });
  });

  test("that lacks a result fails at once, however often the task is tried", async () => {
    const lacking = prebaked(Look, { file: file(), record: "none" });
    await using engine = await openTestEngine({ standIns: [lacking], clock: new ManualClock() });
    const run = engine.startTask(Look, { city: "Atlantis" }, { retry: { attempts: 3, delay: "1h" } });
    await expect(run.result()).rejects.toMatchObject({ code: "stand-in-failed" });
    expect(engine.events.executions(Look)).toHaveLength(1);
  });

  test("obeys MILLRACE_RECORD, and names a value that is no mode", async () => {
    vi.stubEnv("MILLRACE_RECORD", "missing");
    expect(await travel(["Rome"])).toEqual([{ city: "Rome", at: new Date(0) }]);
    vi.stubEnv("MILLRACE_RECORD", "always");
    expect(() => prebaked(Look, { file: file() })).toThrow(/MILLRACE_RECORD=always/);
    vi.unstubAllEnvs();
  });

  test.each([
    ["no JSON", "{"],
    ["another task's", '{"version":1,"task":"Other","results":[]}'],
    ["of another version", '{"version":9,"task":"Look","results":[]}'],
  ])("that is %s is refused by name", async (_, text) => {
    await writeFile(file(), text);
    await expect(travel(["Oslo"])).rejects.toMatchObject({
      code: "stand-in-failed",
      message: expect.stringContaining("look.json"),
    });
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
    expect(look.waiting).toBe(1);
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
});
