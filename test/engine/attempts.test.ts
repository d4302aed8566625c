/** `attempt`: how a step ended, as a value. */
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine } from "@millrace/testing";
import { expect, it } from "vitest";

const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });
const tried = defineFlow({ id: "Tried", run: (_: object, body) => body.attempt(work, { x: 1 }) });

it("gives the value of what succeeds and the error of what fails, and never rejects for it", async () => {
  const works = controlled(work);
  await using engine = await openTestEngine({ standIns: [works] });
  const good = engine.start(tried, {});
  (await works.next()).finish(7);
  expect(await good.result()).toEqual({ status: "succeeded", value: 7 });
  const bad = engine.start(tried, {});
  (await works.next()).fail(new RangeError("too far"));
  expect(await bad.result()).toMatchObject({ status: "failed", error: { name: "RangeError", message: "too far" } });
  expect(bad.totals).toMatchObject({ total: 1, failed: 1 });
});

it("rejects for a call that cannot be made: that is no outcome of a step", async () => {
  await using engine = await openTestEngine();
  // Past the types, as a value from outside would be.
  const options = { retry: { attempts: 0 } };
  const flow = defineFlow({ id: "Wrong", run: (_: object, body) => body.attempt(work, { x: 1 }, options) });
  await expect(engine.run(flow, {})).rejects.toMatchObject({ code: "invalid-options" });
});

it("is restored with its failure: what came of it is not tried again when something else failed", async () => {
  const store = memoryStore();
  const other = defineTask({ id: "Other", run: (_: { x: number }): number => 0 });
  const flow = defineFlow({
    id: "Then",
    run: async (_: object, body) => {
      const { status } = await body.attempt(work, { x: 1 });
      return [status, await body.call(other, { x: 2 })];
    },
  });
  const [works, others] = [controlled(work), controlled(other)];
  const first = await openTestEngine({ store, standIns: [works, others] });
  const run = first.start(flow, {}, { id: "t" });
  (await works.next()).fail(new Error("no"));
  (await others.next()).fail(new Error("not yet"));
  await expect(run.result()).rejects.toThrow("not yet");
  await first.close();
  const again = controlled(other);
  await using second = await openTestEngine({ store, standIns: [again], classes: [flow] });
  const resumed = await second.resume("t");
  (await again.next()).finish(5);
  expect(await resumed.result()).toEqual(["failed", 5]);
  expect(resumed.totals).toMatchObject({ total: 2, failed: 1, restored: 1 });
});

const all = defineFlow({
  id: "All",
  run: (p: { xs: number[] }, body) =>
    body.map(p.xs, (x) => body.call(work, { x }), { onError: "collect", key: (x) => x, concurrency: 2 }),
});

it("a map that collects runs every item to its end, and says in order how each ended", async () => {
  const works = controlled(work);
  await using engine = await openTestEngine({ standIns: [works] });
  const run = engine.start(all, { xs: [1, 2, 3] });
  const [first, second] = [await works.next(), await works.next()];
  second.fail(new RangeError("two"));
  const third = await works.next();
  expect(third.signal.aborted).toBe(false);
  third.finish(30);
  first.finish(10);
  expect(await run.result()).toMatchObject([
    { status: "succeeded", value: 10 },
    { status: "failed", error: { name: "RangeError", message: "two" } },
    { status: "succeeded", value: 30 },
  ]);
});

it("a resume tries the failed items alone if the flow failed for their sake", async () => {
  const store = memoryStore();
  const flow = defineFlow({
    id: "Strict",
    run: async (p: { xs: number[] }, body) => {
      const ends = await body.map(p.xs, (x) => body.call(work, { x }), { onError: "collect" });
      const errors = ends.flatMap((end) => (end.status === "succeeded" ? [] : [end.error]));
      if (errors.length > 0) throw new AggregateError(errors, "some failed");
      return ends.flatMap((end) => (end.status === "succeeded" ? [end.value] : []));
    },
  });
  const works = controlled(work);
  const first = await openTestEngine({ store, standIns: [works] });
  const run = first.start(flow, { xs: [1, 2, 3, 4] }, { id: "s" });
  for (const x of [1, 2, 3, 4]) {
    const attempt = await works.next();
    if (x % 2 === 0) attempt.fail(new Error(`no ${x}`));
    else attempt.finish(x * 10);
  }
  await expect(run.result()).rejects.toThrow("some failed");
  await first.close();
  const again = controlled(work);
  await using second = await openTestEngine({ store, standIns: [again], classes: [flow] });
  const resumed = await second.resume("s");
  for (const x of [2, 4]) (await again.next()).finish(x * 10);
  expect(await resumed.result()).toEqual([10, 20, 30, 40]);
  expect(again.pending).toBe(0);
  expect(resumed.totals).toMatchObject({ total: 4, restored: 2 });
});

it("a map whose onError is no choice is refused", async () => {
  await using engine = await openTestEngine();
  // Past the types, as a value from outside would be.
  const options = { onError: "ignore" as "collect" };
  const flow = defineFlow({ id: "Odd", run: (_: object, body) => body.map([1], (x) => x, options) });
  await expect(engine.run(flow, {})).rejects.toMatchObject({ code: "invalid-options" });
});

it("that fails while its engine closes is tried again when the run goes on, as its retries say", async () => {
  const store = memoryStore();
  let closing: Promise<void> | undefined;
  const unlucky = defineTask({
    id: "Unlucky",
    options: { retry: { attempts: 2, delay: 1 } },
    hooks: {
      onDestroy: () => {
        closing ??= first.close();
      },
    },
    run: (_: object, { info }): number => {
      if (info.attempt === 1) throw new Error("once");
      return info.attempt;
    },
  });
  const flow = defineFlow({ id: "Luck", run: (_: object, body) => body.call(unlucky, {}) });
  const first = await openTestEngine({ store });
  const run = first.start(flow, {}, { id: "u" });
  expect(await run.outcome()).toMatchObject({ status: "suspended", reason: "interrupt" });
  await closing;
  await using second = await openTestEngine({ store, classes: [flow, unlucky] });
  expect(await (await second.resume("u")).result()).toBe(2);
});
