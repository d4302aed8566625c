/** Schedules: every instant is one run, however many engines keep them, whatever overlaps, and whoever was away. */
import type { Clock, RunStore, ScheduleOptions } from "@millrace/core";
import { memoryStore, openEngine, ownerInfo, type ScheduleEvent } from "@millrace/runtime";
import { type DefinedFlow, defineFlow, type Flow } from "@millrace/sdk";
import { ManualClock, openTestEngine, type TestEngine } from "@millrace/testing";
import { expect, it, onTestFinished } from "vitest";
import { handProject } from "./hand-built.js";

const MINUTE = 60_000;
const START = Date.parse("2026-11-26T05:58:00Z");

/** What schedules tell, and a way to wait for it. */
class Told {
  readonly events: ScheduleEvent[] = [];
  #wake: () => void = () => {};

  readonly listen = (event: ScheduleEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  /** Resolves with the events once there are so many. */
  async until(count: number): Promise<readonly ScheduleEvent[]> {
    while (this.events.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.events;
  }

  /** `started 06:00`, `skipped 06:05 by 06:00`, … */
  get lines(): readonly string[] {
    return this.events.map((event) => {
      if (event.type === "missed")
        return `missed ${event.count}${event.more ? "+" : ""} from ${time(event.first)} to ${time(event.last)}, ${event.madeUp} made up for`;
      const by = event.type === "skipped" ? ` by ${/T(\d\d)(\d\d)/.exec(event.run)?.slice(1).join(":")}` : "";
      return `${event.type} ${time(event.instant)}${by}`;
    });
  }
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

/** A flow with a schedule that waits for "go" in each run. */
function patient(
  schedule: string | ScheduleOptions,
  id = "Tick",
): new () => DefinedFlow<Record<never, never>, unknown> {
  return defineFlow({ id, options: { schedule }, run: async (_: object, body) => body.waitFor("go") });
}

/** A flow with a schedule that is over at once. */
function swift(schedule: string | ScheduleOptions): new () => DefinedFlow<Record<never, never>, unknown> {
  return defineFlow({ id: "Tick", options: { schedule }, run: async () => "ticked" });
}

interface World {
  readonly clock: ManualClock;
  readonly store: RunStore;
}

function world(at = START): World {
  const clock = new ManualClock(at);
  return { clock, store: memoryStore({ clock }) };
}

async function keep(
  { clock, store }: World,
  ...classes: (new () => Flow)[]
): Promise<{ readonly engine: TestEngine; readonly told: Told }> {
  const told = new Told();
  const engine = await openTestEngine({ clock, store, classes, schedules: told.listen });
  onTestFinished(() => engine.close());
  return { engine, told };
}

/** Ids of the runs in order of their instants. */
async function ids(store: RunStore): Promise<readonly string[]> {
  return (await store.list()).map(({ id }) => id).sort();
}

/** Resolves when something is so: turns of the event loop, no time. */
async function turnsUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate);
}

/** Resolves when so many runs have ended. */
async function ended(store: RunStore, count: number): Promise<void> {
  await turnsUntil(async () => (await store.list()).filter(({ state }) => state !== "running").length >= count);
}

/** Moves on, once every schedule waits for its next look at the clock. */
async function pass(clock: ManualClock, minutes: number): Promise<void> {
  await clock.waiting(MINUTE);
  clock.advance(minutes * MINUTE);
}

it("starts a run at each instant, under an id that tells flow and instant", async () => {
  const { clock, store } = world();
  const { told } = await keep({ clock, store }, swift("*/5 6 * * *"));
  for (const [count, minutes] of [2, 5, 5].entries()) {
    await pass(clock, minutes);
    await told.until(count + 1);
    await ended(store, count + 1);
  }
  expect(told.lines).toEqual(["started 06:00", "started 06:05", "started 06:10"]);
  expect(await ids(store)).toEqual(["Tick-20261126T060000Z", "Tick-20261126T060500Z", "Tick-20261126T061000Z"]);
});

it("the wall clock of its zone counts, also where it changes", async () => {
  const { clock, store } = world(Date.parse("2026-03-28T02:00:00Z"));
  const { told } = await keep({ clock, store }, swift({ cron: "0 6 * * *", timezone: "Europe/Oslo" }));
  await pass(clock, 3 * 60);
  await told.until(1);
  await ended(store, 1);
  for (let hour = 1; hour < 23; hour += 1) clock.advance(60 * MINUTE);
  await pass(clock, 59);
  expect(told.lines).toEqual(["started 05:00"]);
  await pass(clock, 1);
  await told.until(2);
  expect(told.lines).toEqual(["started 05:00", "started 04:00"]);
});

it("engines that keep the same schedule on one store start one run at each instant between them", async () => {
  const { clock, store } = world();
  const kept = [];
  for (let engine = 0; engine < 4; engine += 1) kept.push(await keep({ clock, store }, swift("* * * * *")));
  const all = (): boolean => clock.timers.filter((ms) => ms === MINUTE).length === kept.length;
  for (let minute = 1; minute <= 10; minute += 1) {
    await turnsUntil(all);
    clock.advance(MINUTE);
    await ended(store, minute);
  }
  await turnsUntil(all);
  expect(await ids(store)).toHaveLength(10);
  const started = kept.flatMap(({ told }) => told.lines);
  expect([...started].sort()).toEqual(
    [...(await ids(store))].map((id) => `started ${id.slice(14, 16)}:${id.slice(16, 18)}`),
  );
});

it("an instant is left out while the run before it goes, and the next one is not", async () => {
  const { clock, store } = world();
  const { engine, told } = await keep({ clock, store }, patient("*/5 * * * *"));
  await pass(clock, 2);
  await told.until(1);
  await pass(clock, 5);
  await told.until(2);
  await engine.send("Tick-20261126T060000Z", "go");
  await engine.events.until("run-ended");
  await pass(clock, 5);
  await told.until(3);
  expect(told.lines).toEqual(["started 06:00", "skipped 06:05 by 06:00", "started 06:10"]);
});

it("a run of the same flow that somebody started by hand is not in the way", async () => {
  const { clock, store } = world();
  const flow = patient("*/5 * * * *");
  const { engine, told } = await keep({ clock, store }, flow);
  engine.start(flow, {}, { id: "by-hand" });
  await engine.events.until("run-started");
  await pass(clock, 2);
  expect(await told.until(1)).toMatchObject([{ type: "started" }]);
});

it("queued instants follow each other, each when the run before it has ended", async () => {
  const { clock, store } = world();
  const { engine, told } = await keep({ clock, store }, patient({ cron: "*/5 * * * *", overlap: "queue" }));
  await pass(clock, 2);
  await told.until(1);
  await pass(clock, 11);
  // 06:05 has come, and 06:10 has passed: the first looks now and then whether it may start.
  await clock.waiting(1_000);
  clock.advance(1_000);
  await clock.waiting(1_000);
  expect(told.lines).toEqual(["started 06:00"]);
  for (const [count, minute] of ["00", "05"].entries()) {
    await engine.send(`Tick-20261126T06${minute}00Z`, "go");
    await ended(store, count + 1);
    await clock.waiting(1_000);
    clock.advance(1_000);
    await told.until(count + 2);
  }
  expect(told.lines).toEqual(["started 06:00", "started 06:05", "started 06:10"]);
});

it("parallel runs go side by side", async () => {
  const { clock, store } = world();
  const { told } = await keep({ clock, store }, patient({ cron: "*/5 * * * *", overlap: "parallel" }));
  for (const [count, minutes] of [2, 5, 5].entries()) {
    await pass(clock, minutes);
    await told.until(count + 1);
  }
  expect((await store.list()).map(({ state }) => state)).toEqual(["running", "running", "running"]);
});

/** A schedule that was kept until 06:01, and then by nobody until `until`. */
async function downtime(schedule: ScheduleOptions, until: string): Promise<World> {
  const kept = world();
  const { engine, told } = await keep(kept, swift(schedule));
  await pass(kept.clock, 3);
  await told.until(1);
  await ended(kept.store, 1);
  await engine.close();
  kept.clock.advance(Date.parse(`2026-11-26T${until}:00Z`) - kept.clock.now());
  return kept;
}

it.each([
  ["none", "missed 3 from 06:05 to 06:15, 0 made up for", []],
  ["last", "missed 3 from 06:05 to 06:15, 1 made up for", ["started 06:15"]],
  ["all", "missed 3 from 06:05 to 06:15, 3 made up for", ["started 06:05", "started 06:10", "started 06:15"]],
] as const)("after a downtime, catchUp %s", async (catchUp, missed, started) => {
  const schedule = { cron: "*/5 * * * *", overlap: "parallel", catchUp } as const;
  const kept = await downtime(schedule, "06:17");
  const { told } = await keep(kept, swift(schedule));
  await told.until(1 + started.length);
  await pass(kept.clock, 3);
  await told.until(2 + started.length);
  expect(told.lines).toEqual([missed, ...started, "started 06:20"]);
});

it("no more than the newest hundred are made up for", async () => {
  const schedule = { cron: "* * * * *", overlap: "parallel", catchUp: "all" } as const;
  const kept = await downtime(schedule, "09:00");
  const { told } = await keep(kept, swift(schedule));
  await told.until(101);
  expect(told.lines.slice(0, 2)).toEqual(["missed 100+ from 07:21 to 09:00, 100 made up for", "started 07:21"]);
  expect(told.lines.at(-1)).toBe("started 09:00");
});

it("what was dealt with is not missed, also if its run has been deleted", async () => {
  const schedule = { cron: "*/5 * * * *", catchUp: "all" } as const;
  const kept = await downtime(schedule, "06:04");
  const lease = await kept.store.acquire((await kept.store.list())[0]?.id as never, ownerInfo("test"));
  await kept.store.remove(lease);
  const { told } = await keep(kept, swift(schedule));
  await pass(kept.clock, 1);
  await told.until(1);
  expect(told.lines).toEqual(["started 06:05"]);
});

it("another timetable of the flow begins anew: what it would have done before is not missed", async () => {
  const kept = await downtime({ cron: "*/5 * * * *" }, "06:17");
  const { told } = await keep(kept, swift("*/2 * * * *"));
  await pass(kept.clock, 1);
  await told.until(1);
  expect(told.lines).toEqual(["started 06:18"]);
});

it("a machine that slept makes up for it as after a downtime", async () => {
  const { clock, store } = world();
  let slept = 0;
  const drowsy: Clock = {
    now: () => clock.now() + slept,
    after: (ms, call, options) => clock.after(ms, call, options),
  };
  const told = new Told();
  await using _ = await openTestEngine({
    clock: drowsy,
    store,
    classes: [swift({ cron: "*/5 * * * *", overlap: "parallel" })],
    schedules: told.listen,
  });
  await clock.waiting(MINUTE);
  // Timers stand still in sleep: the next look comes a minute later by the machine's own count.
  slept = 30 * MINUTE;
  clock.advance(MINUTE);
  await told.until(2);
  expect(told.lines).toEqual(["missed 6 from 06:00 to 06:25, 1 made up for", "started 06:25"]);
});

it("a run whose engine is gone does not stand in the way for ever: it goes on here", async () => {
  const kept = world();
  const flow = patient("*/5 * * * *");
  const first = await keep(kept, flow);
  await pass(kept.clock, 2);
  await first.told.until(1);
  await first.engine.close();
  const { engine, told } = await keep(kept, flow);
  await pass(kept.clock, 5);
  await told.until(1);
  await engine.send("Tick-20261126T060000Z", "go");
  await ended(kept.store, 1);
  await pass(kept.clock, 5);
  await told.until(2);
  expect(told.lines).toEqual(["skipped 06:05 by 06:00", "started 06:10"]);
});

it("a store that fails once costs one instant, and says so", async () => {
  const { clock, store } = world();
  let broken = false;
  const list: RunStore["list"] = (filter) => {
    if (!broken) return store.list(filter);
    broken = false;
    return Promise.reject(new Error("the disk is full"));
  };
  const flaky = new Proxy(store, {
    get: (target, name) => {
      // Methods belong to the store itself.
      const value = Reflect.get(target, name, target) as unknown;
      return name === "list" ? list : typeof value === "function" ? value.bind(target) : value;
    },
  });
  const { told } = await keep({ clock, store: flaky }, swift("*/5 * * * *"));
  await clock.waiting(MINUTE);
  broken = true;
  clock.advance(2 * MINUTE);
  expect(await told.until(1)).toMatchObject([{ type: "failed", error: { message: "the disk is full" } }]);
  await pass(clock, 5);
  await told.until(2);
  expect(told.lines).toEqual(["failed 06:00", "started 06:05"]);
});

it("an engine that is closed starts nothing more, and leaves no timer", async () => {
  const { clock, store } = world();
  const { engine, told } = await keep({ clock, store }, swift("* * * * *"));
  await clock.waiting(MINUTE);
  await engine.close();
  expect(clock.timers).toEqual([]);
  clock.advance(10 * MINUTE);
  expect([told.events, await store.list()]).toEqual([[], []]);
});

it.each([
  ["0 6 * *", {}, /The schedule of Tick cannot be kept: schedule\.cron is "0 6 \* \*", which has 4/],
  ["0 6 * * *", { properties: { city: { type: "string" } } }, /nobody gives city/],
] as const)(
  "an engine on a build with a schedule that cannot be kept does not open: %s",
  async (cron, params, message) => {
    const schedule = { cron, timezone: "UTC", overlap: "skip", catchUp: "last" } as const;
    await using project = await handProject({ module: "", flows: { Tick: { schedule, params } } });
    const opening = openEngine({ cwd: project.root, schedules: true, observers: [] });
    await expect(opening).rejects.toMatchObject({ code: "invalid-options", message: expect.stringMatching(message) });
    await (await openEngine({ cwd: project.root, observers: [] })).close();
  },
);
