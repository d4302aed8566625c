/** Shared state as flow bodies use it, and what of it survives: recorded uses, lives that go on, and no torn state at any cut. */
import type { FactBatch, RunId, RunStore } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine, type TestEngine, type TestEngineOptions } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { cutStore } from "./cut-store.js";
import { random } from "./random-bodies.js";

/** Engines over one store, as after restarts of a process. */
function lab(store: RunStore = memoryStore()) {
  const open = (options: TestEngineOptions = {}): Promise<TestEngine> => openTestEngine({ store, ...options });
  return { store, open };
}

/** A store that keeps every transaction that it has committed. */
function recordingStore(): { readonly store: RunStore; readonly commits: readonly FactBatch[][] } {
  const store = memoryStore();
  const commits: FactBatch[][] = [];
  const append = store.append.bind(store);
  store.append = async (batches) => {
    await append(batches);
    commits.push([...batches]);
  };
  return { store, commits };
}

/** A store that holds the first so many transactions of a run, as a process leaves it that dies after them. */
function cutAfter(commits: readonly FactBatch[][], count: number, run: RunId): Promise<RunStore> {
  return cutStore(
    run,
    commits.slice(0, count).map((batches) => batches.flatMap(({ facts }) => facts)),
  );
}

const one = (n: unknown): number => ((n as number | undefined) ?? 0) + 1;
const count = defineTask({ id: "Count", run: (_: object, { shared }) => shared.update("n", one) });
const work = defineTask({ id: "Work", run: (_: object): number => 0 });

describe("a flow body", () => {
  it("reads and writes what its tasks and sub-flows see, and runs have nothing in common", async () => {
    const { open } = lab();
    await using engine = await open();
    const inner = defineFlow({
      id: "Inner",
      run: async (_: object, body) => {
        await body.call(count, {});
        await body.shared.set("inner", await body.shared.get("n"));
      },
    });
    const flow = defineFlow({
      id: "Outer",
      run: async (_: object, body) => {
        const before = [await body.shared.get("n"), await body.shared.has("n"), await body.shared.entries()];
        const updated = await body.shared.update("n", () => 10);
        await body.call(inner, {});
        await body.shared.publish("p", [1]);
        await body.shared.set("gone", 1);
        await body.shared.delete("gone");
        return { before, updated, after: await body.shared.entries() };
      },
    });
    const after = [
      ["inner", 11],
      ["n", 11],
      ["p", [1]],
    ];
    for (const id of ["1", "2"]) {
      const run = engine.start(flow, {}, { id });
      expect(await run.result()).toEqual({ before: [undefined, false, []], updated: 10, after });
      expect(await run.shared.entries()).toEqual(after);
    }
  });

  it("is given the same again on a resume, though others have written since, and writes nothing twice", async () => {
    const { open } = lab();
    const flow = defineFlow({
      id: "Again",
      run: async (_: object, body) => {
        const first = await body.shared.get("n");
        const updated = await body.shared.update("n", one);
        await body.shared.set("once", updated);
        await body.shared.delete("once");
        await body.call(count, {});
        const second = await body.shared.get("n");
        await body.waitFor("go");
        return [first, updated, second, await body.shared.entries()];
      },
    });
    const first = await open();
    const before = first.start(flow, {}, { id: "a" });
    await first.events.until("step-running", ({ step }) => step.task === "go");
    await before.send("other");
    await first.close();
    await using second = await open({ classes: [flow, count] });
    const run = await second.resume("a");
    expect(await run.shared.get("n")).toBe(2);
    await run.send("go");
    expect(await run.result()).toEqual([undefined, 1, 2, [["n", 2]]]);
    expect(second.events.executions().filter(({ step }) => step.task === "Count")).toEqual([]);
  });

  it("gets a race between a read and a step decided as it was", async () => {
    const { open } = lab();
    const works = controlled(work);
    const flow = defineFlow({
      id: "Race",
      run: async (_: object, body) => {
        const step = body.call(work, {}).then(() => "step");
        const winner = await Promise.race([step, body.shared.get("x").then(() => "read")]);
        await step;
        await body.waitFor("go");
        return winner;
      },
    });
    const first = await open({ standIns: [works] });
    first.start(flow, {}, { id: "r" });
    (await works.next()).finish(1);
    await first.events.until("step-running", ({ step }) => step.task === "go");
    await first.close();
    await using second = await open({ classes: [flow, work] });
    const run = await second.resume("r");
    await run.send("go");
    expect(await run.result()).toBe("read");
  });

  it("sees what a controlled attempt has written, once that has finished", async () => {
    const works = controlled(work);
    await using engine = await openTestEngine({ standIns: [works] });
    const flow = defineFlow({
      id: "Reads",
      run: async (_: object, body) => {
        await body.call(work, {});
        return body.shared.get("found");
      },
    });
    const run = engine.start(flow, {});
    const job = await works.next();
    await job.shared.set("found", 3);
    expect(await run.shared.get("found")).toBeUndefined();
    job.finish(0);
    expect(await run.result()).toBe(3);
  });

  it("goes on only when what it wrote is on record", async () => {
    const { store, open } = lab();
    const append = store.append.bind(store);
    let release = (): void => {};
    let held = (): void => {};
    const holding = new Promise<void>((resolve) => {
      held = resolve;
    });
    store.append = async (batches) => {
      if (batches.some(({ facts }) => facts.some(({ kind }) => kind === "shared-commit"))) {
        held();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return append(batches);
    };
    await using engine = await open();
    let went = false;
    const flow = defineFlow({
      id: "Waits",
      run: async (_: object, body) => {
        await body.shared.set("x", 1);
        went = true;
      },
    });
    const run = engine.start(flow, {});
    await holding;
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([went, await run.shared.get("x")]).toEqual([false, undefined]);
    release();
    await run.result();
    expect([went, await run.shared.get("x")]).toEqual([true, 1]);
  });

  it("fails where its update throws, and is caught there again on a resume", async () => {
    const { open } = lab();
    const flow = defineFlow({
      id: "Catches",
      run: async (_: object, body) => {
        const caught = await body.shared
          .update("x", () => {
            throw new RangeError("not so");
          })
          .catch((error: Error) => `${error.name}: ${error.message}`);
        await body.waitFor("go");
        return [caught, await body.shared.has("x")];
      },
    });
    const first = await open();
    first.start(flow, {}, { id: "c" });
    await first.events.until("step-running", ({ step }) => step.task === "go");
    await first.close();
    await using second = await open({ classes: [flow] });
    const run = await second.resume("c");
    await run.send("go");
    expect(await run.result()).toEqual(["RangeError: not so", false]);
  });

  it("refuses keys and values by name, and uses inside a local step", async () => {
    await using engine = await lab().open();
    const flow = defineFlow({
      id: "Bad",
      run: async (_: object, body) => {
        const codes: string[] = [];
        const uses = [
          () => body.shared.get(undefined as unknown as string),
          () => body.shared.set("x".repeat(2_000), 1),
          () => body.shared.set("f", () => 1),
          () => body.shared.update("u", () => Symbol("s")),
          () => body.step("inside", () => body.shared.set("x", 1)),
        ];
        for (const use of uses) await use().catch((error: { code: string }) => codes.push(error.code));
        return [codes, await body.shared.entries()];
      },
    });
    expect(await engine.run(flow, {})).toEqual([
      ["shared-misuse", "shared-misuse", "value-not-sendable", "value-not-sendable", "flow-misuse"],
      [],
    ]);
  });

  it("counts its uses as no steps, live and restored", async () => {
    const { open } = lab();
    const flow = defineFlow({
      id: "Counted",
      run: async (_: object, body) => {
        await body.shared.set("x", 1);
        await body.call(count, {});
        await body.shared.entries();
        await body.waitFor("go");
      },
    });
    const first = await open();
    first.start(flow, {}, { id: "n" });
    await first.events.until("step-running", ({ step }) => step.task === "go");
    await first.close();
    await using second = await open({ classes: [flow, count] });
    const { steps } = await second.plan("n");
    expect(steps.map(({ task, verdict }) => `${task} ${verdict}`)).toEqual(["Count restored", "go runs"]);
    const run = await second.resume("n");
    await run.send("go");
    await run.result();
    expect(run.totals).toMatchObject({ total: 2, restored: 1 });
  });
});

describe("state on record", () => {
  it("goes on from any commit of a run: no success without its writes, no write without its success, none twice", async () => {
    const STEPS = 25;
    const { store, commits } = recordingStore();
    const next = random(11);
    const marks = defineTask({
      id: "Marks",
      options: { retry: { attempts: 9, delay: 1 } },
      run: async ({ i }: { i: number }, { shared }) => {
        await shared.update("n", one);
        await shared.update("done", (done) => [...((done as number[] | undefined) ?? []), i]);
        for (let turns = next() * 6; turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
        if (next() < 0.3) throw new Error("again");
        await shared.set(`of ${i}`, i);
        return i;
      },
    });
    const flow = defineFlow({
      id: "Cut",
      run: async (_: object, body) => {
        const seen: unknown[] = [];
        await body.map([...Array(STEPS).keys()], async (i) => {
          await body.call(marks, { i });
          seen.push(await body.shared.update("body", one));
        });
        return seen;
      },
    });
    const id = "cut" as RunId;
    const { open } = lab(store);
    const first = await open();
    await first.start(flow, {}, { id }).result();
    await first.close();
    expect(commits.length).toBeGreaterThan(STEPS / 2);
    for (let at = 1; at < commits.length; at += 1) {
      const rest = lab(await cutAfter(commits, at, id));
      await using engine = await rest.open({ classes: [flow, marks] });
      const run = await engine.resume(id);
      const seen = (await run.result()) as number[];
      const where = `after ${at} of ${commits.length} commits`;
      const items = [...Array(STEPS).keys()];
      expect(
        seen.sort((a, b) => a - b),
        where,
      ).toEqual(items.map((i) => i + 1));
      const state = new Map(await run.shared.entries());
      expect([state.get("n"), state.get("body")], where).toEqual([STEPS, STEPS]);
      expect(
        (state.get("done") as number[]).sort((a, b) => a - b),
        where,
      ).toEqual(items);
      expect(
        items.filter((i) => state.get(`of ${i}`) !== i),
        where,
      ).toEqual([]);
    }
  });
});
