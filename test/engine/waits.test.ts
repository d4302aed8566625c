/** Sleeps, waits and messages, through the test's engine on a manual clock: live, and over engines that stop on the way. */
import type { RunId, RunStore } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine, type TestEngine, type TestEngineOptions } from "@millrace/testing";
import { describe, expect, it } from "vitest";

const HOUR = 3_600_000;
const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });

/** Engines over one store and clock, as after restarts of a process. */
function lab() {
  const clock = new ManualClock();
  const store = memoryStore({ clock });
  const open = (options: TestEngineOptions = {}): Promise<TestEngine> => openTestEngine({ clock, store, ...options });
  return { clock, store, open };
}

/** Sites of the waits on record, in order. */
async function recordedWaits(store: RunStore, id: string): Promise<readonly string[]> {
  const sites: string[] = [];
  // Safe: the id of a run that was started.
  for await (const fact of store.read(id as RunId)) if (fact.kind === "activation-settled") sites.push(fact.site);
  return sites;
}

const nap = defineFlow({
  id: "Nap",
  run: async (_: object, body) => {
    const before = body.now();
    await body.sleep("2h");
    return body.now() - before;
  },
});

const approval = defineFlow({
  id: "Approval",
  run: async (_: object, body): Promise<unknown> => body.waitFor<{ by: string }>("approval"),
});

describe("a sleep", () => {
  it("ends when its time is up, not before", async () => {
    const { clock, open } = lab();
    await using engine = await open();
    const run = engine.start(nap, {});
    await clock.waiting(2 * HOUR);
    clock.advance(2 * HOUR - 1);
    expect(run.state).toBe("running");
    clock.advance(1);
    expect(await run.result()).toBe(2 * HOUR);
  });

  it("is not longer because its process was gone: its end is on record from the start", async () => {
    const { clock, open } = lab();
    const first = await open();
    first.start(nap, {}, { id: "n" });
    await clock.waiting(2 * HOUR);
    clock.advance(HOUR);
    await first.close();
    clock.advance(HOUR / 2);
    await using second = await open({ classes: [nap] });
    const run = await second.resume("n");
    await clock.waiting(HOUR / 2);
    clock.advance(HOUR / 2);
    expect(await run.result()).toBe(2 * HOUR);
  });

  it("whose time came meanwhile is over at once, and is never slept again", async () => {
    const { clock, open } = lab();
    const first = await open();
    first.start(nap, {}, { id: "n" });
    await clock.waiting(2 * HOUR);
    await first.close();
    clock.advance(9 * HOUR);
    await using second = await open({ classes: [nap] });
    const run = await second.resume("n");
    await clock.waiting(0);
    clock.advance(0);
    expect(await run.result()).toBe(9 * HOUR);
    expect(second.events.of("step-settled").map(({ step }) => step.task)).toEqual(["sleep"]);
  });

  it("that is no duration is refused where it stands", async () => {
    await using engine = await lab().open();
    // A name that no duration has; written past the types, as a value from outside would be.
    const bad = defineFlow({ id: "Bad", run: (_: object, body) => body.sleep("2 moons" as "2h") });
    await expect(engine.run(bad, {})).rejects.toMatchObject({ code: "invalid-duration" });
  });

  it("loses a race as steps do: what it leaves is aborted with its flow", async () => {
    const { clock, open } = lab();
    const works = controlled(work);
    await using engine = await open({ standIns: [works] });
    const flow = defineFlow({
      id: "Hurry",
      run: (_: object, body): Promise<unknown> => Promise.race([body.call(work, { x: 1 }), body.sleep("1h")]),
    });
    const run = engine.start(flow, {});
    const job = await works.next();
    await clock.waiting(HOUR);
    job.finish(7);
    expect(await run.result()).toBe(7);
    expect(clock.timers).not.toContain(HOUR);
  });
});

describe("a wait", () => {
  it("gets the message of its name, with its data", async () => {
    await using engine = await lab().open();
    const run = engine.start(approval, {});
    await engine.events.until("step-running");
    await run.send("other", 1);
    await run.send("approval", { by: "Ann", at: new Date(5) });
    expect(await run.result()).toEqual({ by: "Ann", at: new Date(5) });
  });

  it("gets a message that came before it, and messages go to waits in order", async () => {
    const flow = defineFlow({
      id: "Three",
      run: async (_: object, body) => {
        await body.sleep(1);
        const [a, b] = await Promise.all([body.waitFor<number>("n"), body.waitFor<number>("n")]);
        return [a, b, await body.waitFor<number>("n")];
      },
    });
    const { clock, open } = lab();
    await using engine = await open();
    const run = engine.start(flow, {});
    await clock.waiting(1);
    for (const n of [1, 2]) await run.send("n", n);
    clock.advance(1);
    await engine.events.until("step-settled", ({ step }) => step.task === "n");
    await run.send("n", 3);
    expect(await run.result()).toEqual([1, 2, 3]);
  });

  it("fails by name when its time is up, and a late message is kept for the next wait", async () => {
    const { clock, open } = lab();
    await using engine = await open();
    const flow = defineFlow({
      id: "Patience",
      run: async (_: object, body) => {
        const first = await body.waitFor("go", { timeout: "1h" }).catch((error: Error) => error.message);
        return [first, await body.waitFor("go")];
      },
    });
    const run = engine.start(flow, {});
    await clock.waiting(HOUR);
    clock.advance(HOUR);
    await engine.events.until("step-settled");
    await run.send("go", "late");
    expect(await run.result()).toEqual(['No message "go" came within 1 h 00 min.', "late"]);
  });

  it("keeps what it got, and what nobody has got yet, over a lost engine", async () => {
    const { open } = lab();
    const flow = defineFlow({
      id: "Pair",
      run: async (_: object, body) => [await body.waitFor("n"), await body.waitFor("m"), await body.waitFor("n")],
    });
    const first = await open();
    const run = first.start(flow, {}, { id: "p" });
    await first.events.until("step-running");
    for (const n of [1, 2]) await run.send("n", n);
    await first.events.until("step-running", ({ step }) => step.task === "m");
    await first.close();
    await using second = await open({ classes: [flow] });
    const again = await second.resume("p");
    await again.send("m", "m");
    expect(await again.result()).toEqual([1, "m", 2]);
    const restored = second.events.of("step-settled").filter(({ source }) => source === "restored");
    expect(restored.map(({ step }) => step.task)).toEqual(["n"]);
  });

  it("takes nothing that cannot be stored, and nothing after the end, by name", async () => {
    await using engine = await lab().open();
    const run = engine.start(approval, {}, { id: "a" });
    await engine.events.until("step-running");
    await expect(run.send("approval", { f: () => 1 })).rejects.toMatchObject({ code: "value-not-sendable" });
    await run.send("approval", 1);
    await run.result();
    await expect(run.send("approval", 2)).rejects.toMatchObject({ code: "run-over", data: { run: "a" } });
    await expect(engine.send("a", "approval", 2)).rejects.toMatchObject({ code: "run-over" });
    await expect(engine.send("b", "approval")).rejects.toMatchObject({ code: "unknown-run" });
  });

  it("is not stalled, however long it lasts", async () => {
    const { clock, open } = lab();
    await using engine = await open();
    const run = engine.start(approval, {});
    await engine.events.until("step-running");
    clock.advance(24 * HOUR);
    await run.send("approval", "at last");
    expect(await run.result()).toBe("at last");
  });
});

describe("over the death of an engine", () => {
  const patient = defineFlow({
    id: "Patient",
    run: async (_: object, body): Promise<unknown> => body.waitFor("go", { timeout: "1h" }),
  });

  it("sleeps whose ends have passed end in the order of their ends, not of their calls", async () => {
    const { clock, open } = lab();
    const race = defineFlow({
      id: "Race",
      run: (_: object, body) =>
        Promise.race([body.sleep("2h").then(() => "long"), body.sleep("1h").then(() => "short")]),
    });
    const first = await open();
    first.start(race, {}, { id: "r" });
    await clock.waiting(HOUR);
    await first.close();
    clock.advance(5 * HOUR);
    await using second = await open({ classes: [race] });
    const run = await second.resume("r");
    await clock.waiting(0);
    clock.advance(0);
    expect(await run.result()).toBe("short");
  });

  it("a wait that failed its run has all of its time again when it is tried again", async () => {
    const { clock, open } = lab();
    const first = await open();
    const run = first.start(patient, {}, { id: "p" });
    await clock.waiting(HOUR);
    clock.advance(HOUR);
    await expect(run.result()).rejects.toMatchObject({ code: "wait-timeout" });
    await first.close();
    await using second = await open({ classes: [patient] });
    const again = await second.resume("p");
    await clock.waiting(HOUR);
    await again.send("go", "in time");
    expect(await again.result()).toBe("in time");
  });

  it("a message that came after the time of a wait was up is not for it, though nobody was there to end it", async () => {
    const { clock, open } = lab();
    const flow = defineFlow({
      id: "Late",
      run: async (_: object, body) => {
        const first = await body.attempt(patient, {});
        return [first.status, await body.waitFor("go")];
      },
    });
    const one = await open();
    one.start(flow, {}, { id: "l" });
    await clock.waiting(HOUR);
    await one.close();
    clock.advance(2 * HOUR);
    await using two = await open({ classes: [flow, patient] });
    await two.send("l", "go", "late");
    const run = await two.resume("l");
    await clock.waiting(0);
    clock.advance(0);
    expect(await run.result()).toEqual(["failed", "late"]);
  });

  it("a wait that is to be run again gets its own message again, and no other is handed out twice", async () => {
    const { store, open } = lab();
    const two = defineFlow({
      id: "Two",
      run: async (_: object, body) => {
        const first = await body.waitFor("n");
        const second = await body.waitFor("n");
        return [first, second, await body.waitFor("end")];
      },
    });
    const one = await open();
    const run = one.start(two, {}, { id: "t" });
    await one.events.until("step-running");
    for (const n of [1, 2]) await run.send("n", n);
    await one.events.until("step-running", ({ step }) => step.task === "end");
    await one.close();
    const [first] = await recordedWaits(store, "t");
    await using other = await open({ classes: [two] });
    const again = await other.resume("t", { rerun: [String(first)] });
    await again.send("end", 3);
    expect(await again.result()).toEqual([1, 2, 3]);
  });
});

describe("a run that only waits, where runs are to be suspended", () => {
  it("is suspended with what it waits for, takes messages meanwhile, and goes on", async () => {
    const { open } = lab();
    const first = await open({ waits: "suspend" });
    const run = first.start(approval, {}, { id: "w" });
    expect(await run.outcome()).toMatchObject({
      status: "suspended",
      reason: "wait",
      message: 'It waits for a message "approval".',
    });
    await first.send("w", "approval", "yes");
    await first.close();
    await using second = await open({ waits: "suspend", classes: [approval] });
    expect(await (await second.resume("w")).result()).toBe("yes");
  });

  it("stays for a time that is near, and for a step that works", async () => {
    const { clock, open } = lab();
    const works = controlled(work);
    await using engine = await open({ waits: "suspend", standIns: [works] });
    const flow = defineFlow({
      id: "Near",
      run: async (_: object, body) => {
        await body.sleep("9s");
        const [x] = await Promise.all([body.call(work, { x: 1 }), body.sleep("1h")]);
        return x;
      },
    });
    const run = engine.start(flow, {}, { id: "n" });
    await clock.waiting(9_000);
    clock.advance(9_000);
    const job = await works.next();
    expect(run.state).toBe("running");
    job.finish(3);
    expect(await run.outcome()).toMatchObject({
      reason: "wait",
      message: expect.stringMatching(/^It waits for the end of a sleep/),
    });
  });

  it("is suspended from inside sub-flows, too, and all of it goes on", async () => {
    const { clock, open } = lab();
    const outer = defineFlow({
      id: "Outer",
      run: async (_: object, body): Promise<unknown[]> => Promise.all([body.call(approval, {}), body.call(nap, {})]),
    });
    const first = await open({ waits: "suspend" });
    expect(await first.start(outer, {}, { id: "o" }).outcome()).toMatchObject({
      reason: "wait",
      message: expect.stringMatching(/a message "approval", the end of a sleep/),
    });
    await first.send("o", "approval", 1);
    await first.close();
    clock.advance(2 * HOUR);
    await using second = await open({ waits: "suspend", classes: [outer] });
    const run = await second.resume("o");
    await clock.waiting(0);
    clock.advance(0);
    expect(await run.result()).toEqual([1, 2 * HOUR]);
  });
});
