/** Extensions: every transition once, from where the last one left off. */
import { type Extension, extension, memoryStore, type Transition } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine, seededRandom } from "@millrace/testing";
import { EventFeed } from "@millrace/testing/conformance";
import { expect, it } from "vitest";
import { heardOnStderr } from "./stderr.js";

class Ledger implements Extension {
  readonly all: Transition[] = [];
  readonly told: string[] = [];

  update(transition: Transition): void {
    const { from, to } = transition;
    this.all.push(transition);
    const name = transition.subject === "step" ? transition.step.task : transition.name;
    const attempt = transition.subject === "step" && transition.attempt ? ` (${transition.attempt})` : "";
    this.told.push(`${name} ${from} > ${to}${attempt}`);
  }
  onCreate(): void {
    this.told.push("create");
  }
  onRestart(): void {
    this.told.push("restart");
  }
  onSuccess(): void {
    this.told.push("success");
  }
  onAbort(): void {
    this.told.push("abort");
  }
  onDestroy(): void {
    this.told.push("destroy");
  }
}

const fetched = defineTask({
  id: "Fetch",
  options: { retry: { attempts: 2, delay: 0 } },
  run: (_: { x: number }) => 0,
});
const render = defineTask({ id: "Render", run: (_: { x: number }) => 0 });
const city = defineFlow({
  id: "City",
  run: async (_: object, body) => body.call(render, { x: await body.call(fetched, { x: 1 }) }),
});

it("get every transition exactly once, with from, to and time, and the life of the run around them", async () => {
  const store = memoryStore();
  const [first, second] = [new Ledger(), new Ledger()];
  const [fetches, renders] = [controlled(fetched), controlled(render)];
  const engine = await openTestEngine({ store, standIns: [fetches, renders], observers: [extension(first)] });
  engine.start(city, {}, { id: "c" });
  (await fetches.next()).fail(new Error("too far"));
  (await fetches.next()).finish(7);
  await renders.next();
  await engine.close();
  expect(first.told).toEqual([
    "create",
    "City pending > running",
    "Fetch pending > ready",
    "Fetch ready > running (1)",
    "Fetch running > backing-off (1)",
    "Fetch backing-off > ready (1)",
    "Fetch ready > running (2)",
    "Fetch running > succeeded (2)",
    "Render pending > ready",
    "Render ready > running (1)",
    "City running > suspended",
    "abort",
    "destroy",
  ]);
  const times = first.all.map(({ at }) => at);
  expect(times.every((at, i) => at > 0 && at >= (times[i - 1] ?? 0))).toBe(true);
  expect(first.all[3]).toMatchObject({ error: { message: "too far" }, step: { task: "Fetch" }, subject: "step" });

  const again = controlled(render);
  await using other = await openTestEngine({
    store,
    standIns: [again],
    classes: [city, fetched],
    observers: [extension(second)],
  });
  const run = await other.resume("c");
  (await again.next()).finish(8);
  await run.result();
  expect(second.told).toEqual([
    "create",
    "restart",
    "City suspended > running",
    "Fetch pending > succeeded",
    "Render pending > ready",
    "Render ready > running (1)",
    "Render running > succeeded (1)",
    "City running > succeeded",
    "success",
    "destroy",
  ]);
  expect(second.all[1]).toMatchObject({ source: "restored" });
});

it("are told a chain without gaps or repeats, whatever order events come in", () => {
  const random = seededRandom("transitions");
  for (let round = 0; round < 200; round += 1) {
    const ledger = new Ledger();
    const observer = extension(ledger);
    const feed = new EventFeed(`run-${round}`);
    const steps = ["A", "B", "C"].map((name) => feed.step(name));
    observer.on(feed.started());
    for (let i = 0; i < 60; i += 1) {
      const step = steps[Math.floor(random() * 3)] ?? feed.step("A");
      const error = { name: "Error", message: "x" };
      const events = [feed.ready(step), feed.running(step), feed.attemptFailed(step, 1, error)];
      observer.on(
        [...events, feed.redispatched(step, "lost"), feed.log("x", step)][Math.floor(random() * 5)] ?? feed.log("x"),
      );
    }
    for (const step of steps) observer.on(feed.settled(step));
    observer.on(feed.ended());
    const stands = new Map<string, string>();
    for (const { name, from, to } of ledger.all) {
      expect(from).toBe(stands.get(name) ?? "pending");
      expect(to).not.toBe(from);
      stands.set(name, to);
    }
    expect([...stands.values()]).toEqual(["succeeded", "succeeded", "succeeded", "succeeded"]);
  }
});

it("that fall too far behind are switched off rather than told half", async () => {
  const observer = extension({ update: () => new Promise(() => {}) });
  const feed = new EventFeed();
  observer.on(feed.started());
  const flood = (): void => {
    for (let i = 0; i < 10_500; i += 1) observer.on(feed.ready(feed.step("Fetch", `${i}`)));
  };
  expect(flood).toThrow("10,000 calls behind");
});

it("that throw are reported, and the run goes on", async () => {
  const heard = heardOnStderr();
  const fetches = controlled(fetched);
  const renders = controlled(render);
  const broken: Extension = {
    name: "broken",
    update() {
      throw new Error("no bar");
    },
  };
  await using engine = await openTestEngine({ standIns: [fetches, renders], observers: [extension(broken)] });
  const run = engine.start(city, {});
  (await fetches.next()).finish(1);
  (await renders.next()).finish(2);
  expect(await run.result()).toBe(2);
  expect(heard()).toContain('the observer "broken" failed and is switched off: Error: no bar');
});
