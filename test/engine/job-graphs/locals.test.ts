/** Functions that nodes run on the main thread, and what a run's record says of its nodes. */
import type { LocalFunction } from "@millrace/core";
import { memoryStore, type Run } from "@millrace/runtime";
import { ManualClock, openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { graphOf, lab, named } from "./lab.js";

const local = (id: string, more = {}) => ({ id, run: { local: id }, ...more });
const steps = async (run: Run): Promise<readonly unknown[]> => {
  const all: unknown[] = [];
  for await (const { step, state, value, error } of run.steps()) all.push([step.node, state, value ?? error?.message]);
  return all;
};

describe("a function of a node", () => {
  it("that takes longer than its timeout is let go, and told", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    let told: unknown;
    engine.local("slow", (_, { signal }) => {
      return new Promise(() => signal.addEventListener("abort", () => (told = signal.reason)));
    });
    const run = engine.start(graphOf([local("slow", { options: { timeout: "5s" } })]));
    await clock.waiting(5_000);
    clock.advance(5_000);
    await expect(run.result()).rejects.toThrow("slow took longer than its timeout of 5.0 s.");
    expect(told).toMatchObject({ code: "step-timeout" });
    engine.local("quick", () => 1);
    await engine.start(graphOf([local("quick", { options: { timeout: "5s" } })])).result();
    expect(clock.timers).toEqual([]);
  });

  it("of a run goes before one of the engine, and is known to that run alone", async () => {
    await using engine = await openTestEngine();
    engine.local("f", () => "engine's");
    const toJobGraph = () => graphOf([local("f"), local("g")]);
    const locals = (name: string): Readonly<Record<string, LocalFunction>> => ({ f: () => name, g: () => name });
    const runs = ["one", "two"].map((name) => engine.start({ toJobGraph, locals: locals(name) }));
    expect(await Promise.all(runs.map((run) => run.result()))).toEqual([
      { f: "one", g: "one" },
      { f: "two", g: "two" },
    ]);
    expect(() => engine.start(toJobGraph())).toThrow('is "g", and the engine has no such function');
  });

  it("is asked for again by whoever goes on with the run", async () => {
    const store = memoryStore();
    const graph = { toJobGraph: () => graphOf([local("f")]) };
    let works = false;
    const locals = {
      f: () => {
        if (!works) throw new Error("not yet");
        return "now";
      },
    };
    {
      await using engine = await openTestEngine({ store });
      await expect(engine.start({ ...graph, locals }, { id: "r" }).result()).rejects.toThrow("not yet");
    }
    await using engine = await openTestEngine({ store });
    works = true;
    await expect(engine.resume("r")).rejects.toMatchObject({ code: "job-graph-invalid" });
    expect(await engine.start({ ...graph, locals }, { id: "r", ifExists: "resume" }).result()).toEqual({ f: "now" });
  });

  it("comes with a resume, too", async () => {
    const store = memoryStore();
    {
      await using engine = await openTestEngine({ store });
      const never = { f: () => new Promise(() => {}) };
      engine.start({ toJobGraph: () => graphOf([local("f")]), locals: never }, { id: "r" });
    }
    await using engine = await openTestEngine({ store });
    expect(await (await engine.resume("r", { locals: { f: () => 7 } })).result()).toEqual({ f: 7 });
  });
});

describe("the steps of a run", () => {
  it("are read with their results and errors, while it goes and afterwards, also by another engine", async () => {
    const { works, engine, store } = await lab();
    {
      await using _ = engine;
      const run = engine.start(
        graphOf([named("a"), named("b", { critical: false }), named("c"), named("d")], ["b > c", "a > d"]),
        { id: "r" },
      );
      const [a, b] = [await works.next(), await works.next()];
      a.finish({ deep: new Map([[1, new Date(0)]]) });
      b.fail(new Error("broke"));
      const d = await works.next();
      const first = ["a", "succeeded", { deep: new Map([[1, new Date(0)]]) }];
      expect((await steps(run))[0]).toEqual(first);
      d.finish(undefined);
      await run.result();
      expect(await steps(run)).toEqual([
        first,
        ["b", "failed", "broke"],
        ["c", "skipped", "c was skipped: b failed."],
        ["d", "succeeded", undefined],
      ]);
    }
    await using other = (await lab(store)).engine;
    const again = other.start(
      graphOf([named("a"), named("b", { critical: false }), named("c"), named("d")], ["b > c", "a > d"]),
      { id: "r", ifExists: "attach" },
    );
    await again.result();
    expect(await steps(again)).toHaveLength(4);
  });
});
