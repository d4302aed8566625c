/** The test's engine through its public door: unbuilt classes, the real engine's rules, what it refuses. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore, openSqliteStore } from "@millrace/runtime";
import { defineFlow, defineTask, FatalError, Flow, flow, param, resource, Secret, Task, task } from "@millrace/sdk";
import { describe, expect, test, vi } from "vitest";
import { ManualClock } from "../clock/manual-clock.js";
import { controlled } from "../stand-ins/controlled.js";
import { fake } from "../stand-ins/fake.js";
import { openTestEngine } from "./open-test-engine.js";

@task({ retry: { attempts: 3, delay: "1s" } })
class Fetch extends Task<string> {
  @param() city!: string;
  @param() days = 2;
  run(): string {
    this.log.info("asking for %s", this.city);
    if (this.info.attempt < 2) throw new RangeError("not yet");
    return `${this.city}:${this.days}`;
  }
}

@task
class Join extends Task<string> {
  @param() parts!: string[];
  run(): string {
    return this.parts.join(" ");
  }
}

@flow
class Report extends Flow<string> {
  @param() cities!: string[];
  async run(): Promise<string> {
    const parts = await this.map(this.cities, (city) => this.call(Fetch, { city }));
    return this.call(Join, { parts }); // the site that a test looks for
  }
}

@task
class Login extends Task<string> {
  @param() key!: Secret;
  async run(): Promise<string> {
    const key = await this.key.reveal();
    this.log.info("with %s", key);
    if (key.startsWith("old")) throw new Error(`refused: ${key}`);
    return `token of ${key}`;
  }
}

const opened: string[] = [];

@resource()
class Db {
  private rows: string[] = [];
  open(): void {
    opened.push("open");
  }
  async read(key: string): Promise<string> {
    return this.rows.find((row) => row.startsWith(key)) ?? "nothing";
  }
  close(): Promise<void> | void {
    opened.push("close");
    // Never done, as a pool that waits for its clients.
    if (opened.includes("stuck")) return new Promise(() => {});
  }
}

const Look = defineTask({
  id: "Look",
  run: async ({ key }: { key: string }, { use }) => (await use(Db)).read(key),
});

@flow
class Nightly extends Flow<string[]> {
  async run(): Promise<string[]> {
    const summary = await this.step("local", () => "written");
    return [await this.call(Report, { cities: [] }), summary];
  }
}

describe("classes that no build has seen", () => {
  test("resources are opened once for the engine, and closed with it", async () => {
    opened.length = 0;
    await using engine = await openTestEngine();
    const looks = ["a", "b"].map((key) => engine.runTask(Look, { key }));
    expect(await Promise.all(looks)).toEqual(["nothing", "nothing"]);
    expect(opened).toEqual(["open"]);
    await engine.close();
    expect(opened).toEqual(["open", "close"]);
  });

  test("a resource that does not close holds no engine up", async () => {
    opened.splice(0, opened.length, "stuck");
    const engine = await openTestEngine({ clock: new ManualClock() });
    await engine.runTask(Look, { key: "a" });
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await engine.close();
    expect(told).toHaveBeenCalledExactlyOnceWith("Resources were not closed within 2000 ms: Db.\n");
    told.mockRestore();
  });

  test("a fake stands for a resource, and is neither opened nor closed", async () => {
    opened.length = 0;
    const engine = await openTestEngine({ fakes: [fake(Db, { read: async (key) => `fake ${key}` })] });
    expect(await engine.runTask(Look, { key: "a" })).toBe("fake a");
    await engine.close();
    expect(opened).toEqual([]);
  });

  test("a fake stands for it in the steps of flows, too; the body itself is refused", async () => {
    opened.length = 0;
    const counting = defineFlow({
      id: "Counting",
      run: (_: object, body) => body.step("read", async () => (await body.use(Db)).read("k")),
    });
    const direct = defineFlow({ id: "Direct", run: async (_: object, body) => (await body.use(Db)).read("k") });
    await using engine = await openTestEngine({ fakes: [fake(Db, { read: async (key) => `fake ${key}` })] });
    expect(await engine.start(counting, {}).result()).toBe("fake k");
    await expect(engine.start(direct, {}).result()).rejects.toMatchObject({
      code: "flow-misuse",
      message: "this.use of flow Direct is for the functions of its steps alone.",
    });
    expect(opened).toEqual([]);
  });

  test("secrets come from a provider of the test, and stay out of what is told", async () => {
    Secret.provide("test", (key) => `${key}-password`);
    await using engine = await openTestEngine();
    expect(await engine.runTask(Login, { key: Secret.from("test", "new") })).toBe(
      "token of [secret provider:test:new]",
    );
    const refused = engine.runTask(Login, { key: Secret.from("test", "old") });
    await expect(refused).rejects.toThrow("refused: [secret provider:test:old]");
    const lines = engine.events.all.flatMap((event) => (event.type === "log" ? [event.text] : []));
    expect(lines).toEqual(["with [secret provider:test:new]", "with [secret provider:test:old]"]);
    expect(JSON.stringify(engine.events.all)).not.toContain("-password");
  });

  test("run through the real engine: map, retries, defaults, logs", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const run = engine.start(Report, { cities: ["Oslo", "Bergen"] });
    await engine.events.until("attempt-failed", ({ step }) => step.task === "Fetch");
    await clock.waiting(1_000);
    clock.advance(1_000);
    expect(await run.result()).toBe("Oslo:2 Bergen:2");
    expect(run.totals).toMatchObject({ total: 3, succeeded: 3 });
    expect(engine.events.executions(Fetch)).toHaveLength(4);
    engine.events.assertBefore(Fetch, Join);
    expect(engine.events.of("log").map(({ text }) => text)).toContain("asking for Oslo");
  });

  test("have sites that say where the calls stand in the source", async () => {
    const lines = (await readFile(new URL("open-test-engine.test.ts", import.meta.url), "utf8")).split("\n");
    const line = lines.findIndex((text) => text.includes("the site that a test looks for")) + 1;
    await using engine = await openTestEngine();
    await engine.run(Report, { cities: [] });
    const [joined] = engine.events.executions(Join);
    expect(decodeURIComponent(joined?.step.key ?? "")).toBe(
      `Report/unbuilt:packages/testing/src/engine/open-test-engine.test.ts:${line}/0`,
    );
  });

  test("call sub-flows and local steps", async () => {
    await using engine = await openTestEngine();
    expect(await engine.run(Nightly)).toEqual(["", "written"]);
  });

  test("may be made of functions", async () => {
    const shout = defineTask({ id: "Shout", run: ({ text }: { text: string }) => text.toUpperCase() });
    const choir = defineFlow({
      id: "Choir",
      run: async ({ texts }: { texts: string[] }, body) => {
        const parts = await body.map(texts, (text) => body.call(shout, { text }));
        return body.call(Join, { parts });
      },
    });
    await using engine = await openTestEngine();
    expect(await engine.run(choir, { texts: ["a", "b"] })).toBe("A B");
    engine.events.assertBefore(shout, Join);
    expect(await engine.runTask(shout, { text: "c" })).toBe("C");
    const held = controlled(shout);
    await using other = await openTestEngine({ standIns: [held] });
    const run = other.start(choir, { texts: ["a"] });
    (await held.next({ text: "a" })).finish("held");
    expect(await run.result()).toBe("held");
  });

  test("are refused by a durable store before anything runs", async () => {
    const dir = await mkdtemp(join(tmpdir(), "millrace-unbuilt-"));
    const store = await openSqliteStore({ dir });
    try {
      await using engine = await openTestEngine({ store });
      await expect(engine.run(Report, { cities: [] })).rejects.toMatchObject({ code: "unbuilt-code" });
      expect(engine.events.all).toEqual([]);
      expect(await store.list()).toEqual([]);
    } finally {
      await store.close();
      await rm(dir, { recursive: true });
    }
  });

  test("have unknown parameters refused by name", async () => {
    await using engine = await openTestEngine();
    const wrong = { cities: [], citys: [] };
    expect(() => engine.start(Report, wrong)).toThrow(
      expect.objectContaining({ code: "invalid-parameters", message: expect.stringContaining("citys") }),
    );
  });

  test("are told apart from what is not declared, from tasks, and from each other", async () => {
    class Undeclared extends Flow<void> {
      run(): void {}
    }
    await using engine = await openTestEngine();
    expect(() => engine.start(Undeclared)).toThrow(
      expect.objectContaining({ code: "flow-misuse", hint: expect.stringContaining("@flow") }),
    );
    expect(() => (engine.start as (target: unknown) => unknown)(Join)).toThrow(
      expect.objectContaining({ code: "unknown-flow", hint: expect.stringContaining("runTask(Join") }),
    );
    const twin = {
      Report: class Report extends Flow<void> {
        run(): void {}
      },
    }.Report;
    flow(twin);
    await engine.run(Report, { cities: [] });
    expect(() => engine.start(twin)).toThrow(/Two classes are named Report/);
  });

  test("are called by id when they were listed", async () => {
    @flow
    class ByName extends Flow<unknown> {
      run(): Promise<unknown> {
        return (this.call as (target: unknown, params: object) => Promise<unknown>)("Join", { parts: ["a"] });
      }
    }
    await using knowing = await openTestEngine({ classes: [Join] });
    expect(await knowing.run(ByName)).toBe("a");
    await using ignorant = await openTestEngine();
    await expect(ignorant.run(ByName)).rejects.toMatchObject({
      code: "unknown-task",
      hint: expect.stringContaining("classes"),
    });
  });

  test("have their options checked", async () => {
    class Odd extends Task<void> {
      run(): void {}
    }
    task({ retry: { attempts: 0 } })(Odd);
    await using engine = await openTestEngine();
    await expect(engine.runTask(Odd)).rejects.toMatchObject({ code: "invalid-options" });
  });
});

describe("one task", () => {
  test("runs with its hooks, retries and options, as the only step of a run", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const run = engine.startTask(Fetch, { city: "Oslo" }, { retry: { delay: "7s" } });
    await clock.waiting(7_000);
    clock.advance(7_000);
    expect(await run.result()).toBe("Oslo:2");
    expect(run.totals.total).toBe(1);
  });

  test("gives its own error", async () => {
    class Bad extends Task<void> {
      run(): void {
        throw new FatalError("broken");
      }
    }
    task(Bad);
    await using engine = await openTestEngine();
    await expect(engine.runTask(Bad)).rejects.toMatchObject({ name: "FatalError", message: "broken" });
    engine.events.assertExactlyOnce(Bad);
  });

  test("has its values carried as to a thread: what cannot be sent is refused", async () => {
    class Leaks extends Task<() => void> {
      run(): () => void {
        return () => {};
      }
    }
    task(Leaks);
    await using engine = await openTestEngine();
    await expect(engine.runTask(Leaks)).rejects.toMatchObject({ code: "value-not-sendable" });
  });
});

describe("an engine", () => {
  test.each([0, -1, 1.5, Number.NaN])("is not opened for %d steps at once", async (maxConcurrency) => {
    await expect(openTestEngine({ maxConcurrency })).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining("maxConcurrency"),
    });
  });

  test("gives the flows of one seed the same random numbers, and its runs the same ids", async () => {
    @flow
    class Dice extends Flow<number[]> {
      async run(): Promise<number[]> {
        return [this.random(), this.random()];
      }
    }
    const thrown = async (seed?: string): Promise<unknown[]> => {
      await using engine = await openTestEngine(seed === undefined ? {} : { seed });
      const runs = [engine.start(Dice), engine.start(Dice), engine.start(Dice, {}, { id: "mine" })];
      return [runs.map(({ id }) => id), ...(await Promise.all(runs.map((run) => run.result()))).flat()];
    };
    const first = await thrown();
    expect(first[0]).toEqual(["test-1", "test-2", "mine"]);
    expect(new Set(first).size).toBe(7);
    expect(await thrown()).toEqual(first);
    expect(await thrown("other")).not.toEqual(first);
  });

  test("goes on with a run of another that was closed in the middle", async () => {
    const store = memoryStore();
    const held = controlled(Join);
    const first = await openTestEngine({ store, standIns: [held], clock: new ManualClock() });
    const interrupted = first.start(Nightly, {}, { id: "nightly" });
    (await held.next()).hang();
    await first.close();
    expect(await interrupted.outcome()).toMatchObject({ status: "suspended", reason: "interrupt" });

    await using second = await openTestEngine({ store, classes: [Nightly] });
    const resumed = await second.resume("nightly");
    expect(await resumed.result()).toEqual(["", "written"]);
    expect(resumed.totals.restored).toBe(1);
    second.events.assertExactlyOnce(Join);
  });

  test("closes at once although tasks ignore their signals and the clock stands still", async () => {
    class Deaf extends Task<void> {
      run(): Promise<void> {
        return new Promise(() => {});
      }
    }
    task(Deaf);
    const engine = await openTestEngine({ clock: new ManualClock() });
    const run = engine.startTask(Deaf);
    await engine.events.until("step-running");
    await engine.close();
    expect(run.state).toBe("suspended");
  });
});
