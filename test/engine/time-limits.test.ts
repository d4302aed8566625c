/** totalTimeout of steps and timeout of flows, through the test's engine on a manual clock. */
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask, type StepOptions } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine, type TestEngine, type TestEngineOptions } from "@millrace/testing";
import { describe, expect, it } from "vitest";

const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });
const other = defineTask({ id: "Other", run: (_: { x: number }): number => 0 });

/** A flow that calls Work once, with the options given. */
const once = (options: StepOptions) =>
  defineFlow({ id: "Once", run: (_: object, body) => body.call(work, { x: 1 }, options) });

async function lab(options: TestEngineOptions = {}) {
  const clock = new ManualClock();
  const [works, others] = [controlled(work), controlled(other)];
  const engine = await openTestEngine({ clock, standIns: [works, others], ...options });
  return { clock, works, others, engine };
}

async function settledStep(engine: TestEngine): Promise<string | undefined> {
  const event = await engine.events.until("step-settled");
  return event.error?.message;
}

describe("totalTimeout", () => {
  it("ends a step at work, and says where its time went", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const run = engine.start(once({ totalTimeout: "10s", retry: { attempts: 3, delay: "4s" } }), {});
    const first = await works.next();
    clock.advance(1_000);
    first.fail(new Error("no"));
    await clock.waiting(4_000);
    clock.advance(4_000);
    const second = await works.next();
    clock.advance(5_000);
    await expect(run.result()).rejects.toMatchObject({
      code: "step-timeout",
      message: expect.stringMatching(/totalTimeout of 10\.0 s: 6\.0 s running, 4\.0 s between attempts\.$/),
      data: { limitMs: 10_000, queuedMs: 0, runningMs: 6_000, pausedMs: 4_000, attempt: 2 },
    });
    expect(second.signal.aborted).toBe(true);
    // Its time in all is up: there is no third attempt.
    expect(works.pending).toBe(0);
  });

  it("ends a step between attempts, at once", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const run = engine.start(once({ totalTimeout: "2s", retry: { attempts: 2, delay: "1h" } }), {});
    (await works.next()).fail(new Error("no"));
    await clock.waiting(3_600_000);
    clock.advance(2_000);
    await expect(run.result()).rejects.toMatchObject({ data: { pausedMs: 2_000, attempt: 1 } });
    expect(clock.timers).not.toContain(3_598_000);
  });

  it("ends a step that waits for its turn, which then never runs", async () => {
    const { clock, works, others, engine } = await lab({ maxConcurrency: 1 });
    await using _ = engine;
    const flow = defineFlow({
      id: "Queue",
      run: async (_p: object, body) => {
        const first = body.call(other, { x: 1 });
        const second = body.call(work, { x: 2 }, { totalTimeout: "3s" });
        await second.catch(() => {});
        await first;
        return second;
      },
    });
    const run = engine.start(flow, {});
    const holding = await others.next();
    clock.advance(3_000);
    expect(await settledStep(engine)).toMatch(/3\.0 s in the queue/);
    holding.finish(1);
    await expect(run.result()).rejects.toMatchObject({ code: "step-timeout", data: { queuedMs: 3_000 } });
    expect(works.pending).toBe(0);
  });

  it("lets a step that ends in time alone, and leaves no timer behind", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const run = engine.start(once({ totalTimeout: "10s" }), {});
    const attempt = await works.next();
    clock.advance(9_999);
    attempt.finish(7);
    expect(await run.result()).toBe(7);
    expect(clock.timers.filter((ms) => ms <= 10_000)).toEqual([]);
  });

  it("goes on counting after a resume, without the time in which nobody owned the run", async () => {
    const clock = new ManualClock();
    const store = memoryStore({ clock });
    const flow = once({ totalTimeout: "10s", retry: { attempts: 3, delay: "8s" } });
    const firstWorks = controlled(work);
    const first = await openTestEngine({ clock, store, standIns: [firstWorks] });
    const run = first.start(flow, {}, { id: "r" });
    const attempt = await firstWorks.next();
    clock.advance(6_000);
    attempt.fail(new Error("no"));
    await clock.waiting(8_000);
    await first.close();
    expect((await run.outcome()).status).toBe("suspended");
    clock.advance(86_400_000);
    const works = controlled(work);
    await using second = await openTestEngine({ clock, store, standIns: [works], classes: [flow] });
    const resumed = await second.resume("r");
    await works.next();
    clock.advance(4_000);
    await expect(resumed.result()).rejects.toMatchObject({
      code: "step-timeout",
      message: expect.stringContaining("6.0 s before the run was resumed, 4.0 s running"),
    });
  });

  it("an abort of its flow comes first", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const run = engine.start(once({ totalTimeout: "1s" }), {});
    (await works.next()).hang();
    const cancelled = run.cancel("enough");
    clock.advance(1_000);
    clock.advance(10_000);
    await cancelled;
    await expect(run.result()).rejects.toMatchObject({ code: "run-aborted" });
  });
});

describe("a flow's timeout", () => {
  const slow = defineFlow({
    id: "Slow",
    options: { timeout: "1m" },
    run: (_: object, body) => Promise.all([body.call(work, { x: 1 }), body.call(other, { x: 2 })]),
  });

  it("fails the run, names what it was waiting for, and aborts that", async () => {
    const { clock, works, others, engine } = await lab({ maxConcurrency: 1 });
    await using _ = engine;
    const run = engine.start(slow, {});
    const attempt = await works.next();
    clock.advance(60_000);
    await expect(run.result()).rejects.toMatchObject({
      code: "flow-timeout",
      message: expect.stringMatching(
        /^Flow Slow took longer than its timeout of 1 min 00 s\. It was waiting for .*\(1 min 00 s running\); .*\(1 min 00 s in the queue\)\.$/,
      ),
    });
    expect(attempt.signal.aborted).toBe(true);
    expect(others.pending).toBe(0);
    expect((await run.outcome()).totals).toMatchObject({ aborted: 2, failed: 0 });
  });

  it("fails a sub-flow alone, whose caller may go on", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const outer = defineFlow({
      id: "Outer",
      run: (_p: object, body) => body.call(slow, {}).catch((error: { code: string }) => error.code),
    });
    const run = engine.start(outer, {});
    await works.next();
    clock.advance(60_000);
    expect(await run.result()).toBe("flow-timeout");
  });

  it("may be given at the call of a sub-flow", async () => {
    const { clock, works, engine } = await lab();
    await using _ = engine;
    const outer = defineFlow({ id: "Outer", run: (_p: object, body) => body.call(slow, {}, { timeout: "5s" }) });
    const run = engine.start(outer, {});
    await works.next();
    clock.advance(5_000);
    await expect(run.result()).rejects.toMatchObject({ code: "flow-timeout", data: { limitMs: 5_000 } });
  });

  it.each([
    ["an interrupted run goes on counting", "interrupted", 20_000],
    ["a failed run begins to count anew", "failed", 60_000],
  ] as const)("%s", async (_name, how, left) => {
    const clock = new ManualClock();
    const store = memoryStore({ clock });
    const before = [controlled(work), controlled(other)] as const;
    const first = await openTestEngine({ clock, store, standIns: [...before] });
    const run = first.start(slow, {}, { id: "r" });
    const attempt = await before[0].next();
    await before[1].next();
    clock.advance(40_000);
    if (how === "failed") {
      attempt.fail(new Error("no"));
      await run.outcome();
    }
    await first.close();
    clock.advance(86_400_000);
    const after = [controlled(work), controlled(other)] as const;
    await using second = await openTestEngine({ clock, store, standIns: [...after], classes: [slow] });
    const resumed = await second.resume("r");
    await after[0].next();
    expect(clock.timers).toContain(left);
    clock.advance(left);
    await expect(resumed.result()).rejects.toMatchObject({
      code: "flow-timeout",
      data: { earlierMs: 60_000 - left },
    });
  });
});

describe("a sub-flow's timeout", () => {
  const inner = defineFlow({
    id: "Inner",
    options: { timeout: "1m" },
    run: async (_: object, body) => {
      await body.call(other, { x: 1 });
      return body.call(work, { x: 2 });
    },
  });
  /** Ten seconds of its own before the sub-flow begins. */
  const outer = defineFlow({
    id: "Outer",
    run: async (_: object, body) => {
      await body.call(other, { x: 0 });
      return body.call(inner, {}).catch((error: { code: string; data: object }) => error.data);
    },
  });

  /** The run up to some time after the sub-flow's first step, stopped there. */
  async function begun(how: "interrupted" | "failed") {
    const clock = new ManualClock();
    const store = memoryStore({ clock });
    const [works, others] = [controlled(work), controlled(other)];
    const flow = how === "failed" ? thrown : outer;
    const first = await openTestEngine({ clock, store, standIns: [works, others] });
    const run = first.start(flow, {}, { id: "r" });
    const before = await others.next();
    clock.advance(10_000);
    before.finish(0);
    const inside = await others.next();
    clock.advance(25_000);
    inside.finish(0);
    const attempt = await works.next();
    if (how === "failed") {
      attempt.fail(new Error("no"));
      await run.outcome();
    }
    await first.close();
    return { clock, store, flow };
  }
  const thrown = defineFlow({
    id: "Thrown",
    run: async (_: object, body) => {
      await body.call(other, { x: 0 });
      return body.call(inner, {});
    },
  });

  it("goes on counting over the lives of its run, without the time before it began and that in which nobody owned the run", async () => {
    const { clock, store, flow } = await begun("interrupted");
    for (const [spent, more] of [
      [25_000, 15_000],
      [40_000, undefined],
    ] as const) {
      clock.advance(86_400_000);
      const [works, others] = [controlled(work), controlled(other)];
      const engine = await openTestEngine({ clock, store, standIns: [works, others], classes: [flow, inner] });
      const run = await engine.resume("r");
      const attempt = await works.next();
      expect(clock.timers).toContain(60_000 - spent);
      if (more === undefined) {
        clock.advance(60_000 - spent);
        expect(await run.result()).toMatchObject({ flow: "Inner", limitMs: 60_000, earlierMs: spent });
        expect(attempt.signal.aborted).toBe(true);
      } else clock.advance(more);
      await engine.close();
    }
  });

  it("begins anew when a failed run is tried again", async () => {
    const { clock, store, flow } = await begun("failed");
    clock.advance(86_400_000);
    const [works, others] = [controlled(work), controlled(other)];
    await using engine = await openTestEngine({ clock, store, standIns: [works, others], classes: [flow, inner] });
    const run = await engine.resume("r");
    const attempt = await works.next();
    expect(clock.timers).toContain(60_000);
    attempt.finish(3);
    expect(await run.result()).toBe(3);
  });
});

it("options without a meaning for a flow are refused at its call, by name", async () => {
  const inner = defineFlow({ id: "Inner", run: () => 1 });
  const outer = defineFlow({
    id: "Outer",
    run: (_p: object, body) => body.call(inner, {}, { retry: { attempts: 2 } }),
  });
  await using engine = await openTestEngine();
  await expect(engine.run(outer, {})).rejects.toMatchObject({
    code: "invalid-options",
    message: expect.stringContaining("retry has no meaning for a flow"),
  });
});
