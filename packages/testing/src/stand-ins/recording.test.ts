/** Recorded results through a test's engine: what is kept, what comes back, what is refused. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineTask, FatalError, param, Task, task } from "@millrace/sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ManualClock } from "../clock/manual-clock.js";
import { openTestEngine } from "../engine/open-test-engine.js";
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

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-recording-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a recorded file", () => {
  const file = (): string => join(folder, "look.json");
  const travel = async (cities: string[], record?: RecordMode): Promise<Weather[]> => {
    await using engine = await openTestEngine({
      standIns: [prebaked(Look, { file: file(), ...(record ? { record } : {}) })],
    });
    return await Promise.all(cities.map((city) => engine.runTask(Look, { city })));
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
    await travel(["Paris"], "all");
    const again = await readFile(file(), "utf8");
    await travel(["Paris", "Oslo", "Bergen"], "all");
    expect(await readFile(file(), "utf8")).toBe(again);
  });

  test("is begun anew by `all`, and then added to by everybody who records it", async () => {
    const stale = { version: 1, task: "Look", results: [{ key: "stale", params: {}, result: 1 }] };
    const shared = join(folder, "shared.json");
    await writeFile(shared, JSON.stringify(stale));
    const record = async (cities: string[], mode: RecordMode): Promise<string> => {
      const engines = await Promise.all(
        cities.map(() => openTestEngine({ standIns: [prebaked(Look, { file: shared, record: mode })] })),
      );
      await Promise.all(engines.map((engine, i) => engine.runTask(Look, { city: cities[i] ?? "" })));
      await Promise.all(engines.map((engine) => engine.close()));
      return await readFile(shared, "utf8");
    };
    const all = await record(["Oslo", "Bergen"], "all");
    const citiesOf = (text: string): string[] =>
      (JSON.parse(text) as { results: { params: { city: string } }[] }).results.map(({ params }) => params.city).sort();
    expect(citiesOf(all)).toEqual(["Bergen", "Oslo"]);
    expect(citiesOf(await record(["Rome", "Paris"], "missing"))).toEqual(["Bergen", "Oslo", "Paris", "Rome"]);
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining(".tmp"));
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

test("a file that cannot be written fails the engine's close, and no other file", async () => {
  const Twin = defineTask({ id: "Twin", run: () => 1 });
  await writeFile(join(folder, "no-folder"), "");
  const unwritable = prebaked(Look, { file: join(folder, "no-folder/look.json"), record: "all" });
  const written = prebaked(Twin, { file: join(folder, "twin.json"), record: "all" });
  const engine = await openTestEngine({ standIns: [unwritable, written] });
  await engine.runTask(Look, { city: "Oslo" });
  await engine.runTask(Twin);
  await expect(engine.close()).rejects.toThrow(/no-folder/);
  expect(await readdir(folder)).toContain("twin.json");
});

describe("results", () => {
  const twice = { of: [1] };
  test.each([
    ["-0", -0],
    ["-0 within", { a: [-0] }],
    ["NaN", Number.NaN],
    ["undefined", undefined],
    ["a member that is undefined", { a: undefined }],
    ["a Map of BigInts", new Map([["a", 1n]])],
    ["an own __proto__", JSON.parse('{"__proto__": 1}')],
    ["half a surrogate pair", "\ud800"],
    ["the same twice", [twice, twice]],
  ])("come back as they were: %s", async (name, value) => {
    const Give = defineTask({ id: "Give", run: () => value as unknown });
    const file = join(folder, `${name.replaceAll(" ", "-")}.json`);
    const give = async (record: RecordMode): Promise<unknown> => {
      await using engine = await openTestEngine({ standIns: [prebaked(Give, { file, record })] });
      return await engine.runTask(Give);
    };
    expect(await give("all")).toStrictEqual(value);
    expect(await give("none")).toStrictEqual(value);
  });

  test("are found by parameters that JSON cannot say, and named by an image of them", async () => {
    const Count = defineTask({ id: "Count", run: ({ upTo }: { upTo: bigint }) => Number(upTo) });
    const file = join(folder, "count.json");
    const count = async (upTo: bigint, record: RecordMode): Promise<number> => {
      await using engine = await openTestEngine({ standIns: [prebaked(Count, { file, record })] });
      return await engine.runTask(Count, { upTo });
    };
    await count(3n, "missing");
    expect(await count(3n, "none")).toBe(3);
    await expect(count(4n, "none")).rejects.toMatchObject({
      code: "stand-in-failed",
      message: expect.stringContaining('no result of Count for {"upTo":"4"}'),
    });
  });

  test("of one engine are taken from it, too: `missing` runs a task once for the same parameters", async () => {
    const file = join(folder, "once.json");
    asked = [];
    await using engine = await openTestEngine({ standIns: [prebaked(Look, { file, record: "missing" })] });
    await engine.runTask(Look, { city: "Oslo" });
    await engine.runTask(Look, { city: "Oslo" });
    expect(asked).toEqual(["Oslo created", "Oslo"]);
  });

  test("are those of attempts that succeed", async () => {
    const file = join(folder, "attempts.json");
    const Flaky = defineTask({
      id: "Flaky task",
      options: { retry: { attempts: 2 } },
      hooks: {
        onSuccess: (_: unknown, { info }) => {
          if (info.attempt === 1) throw new Error("not yet");
        },
      },
      run: ({ fatal }: { fatal: boolean }, { info }) => {
        if (fatal) throw new FatalError("never");
        return info.attempt;
      },
    });
    const engine = await openTestEngine({ standIns: [prebaked(Flaky, { file, record: "all" })] });
    await expect(engine.runTask(Flaky, { fatal: true })).rejects.toThrow("never");
    expect(await engine.runTask(Flaky, { fatal: false })).toBe(2);
    await engine.close();
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
      task: "Flaky task",
      results: [{ params: { fatal: false }, result: 2 }],
    });
  });

  test("that come after an attempt was given up are not kept", async () => {
    const file = join(folder, "late.json");
    let finish: (value: string) => void = () => {};
    const late = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const Slow = defineTask({ id: "Slow", options: { timeout: "1s", grace: "1s" }, run: () => late });
    const clock = new ManualClock();
    const engine = await openTestEngine({ clock, standIns: [prebaked(Slow, { file, record: "all" })] });
    const run = engine.startTask(Slow);
    await clock.waiting(1_000);
    clock.advance(1_000);
    await clock.waiting(1_000);
    clock.advance(1_000);
    await expect(run.result()).rejects.toThrow(/abandoned/);
    finish("late");
    await engine.close();
    expect(await readdir(folder)).not.toContain("late.json");
  });
});
