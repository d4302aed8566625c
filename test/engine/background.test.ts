/** `background`: a task beside the body, for as long as the body goes on. */
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine } from "@millrace/testing";
import { expect, it } from "vitest";

const watch = defineTask({ id: "Watch", run: (_: { x: number }): number => 0 });
const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });

const watched = defineFlow({
  id: "Watched",
  run: async (_: object, body) => {
    void body.background(watch, { x: 1 });
    return body.call(work, { x: 2 });
  },
});

it("is aborted when the body has ended, and its end is waited for", async () => {
  const [watches, works] = [controlled(watch), controlled(work)];
  await using engine = await openTestEngine({ standIns: [watches, works] });
  const run = engine.start(watched, {});
  const beside = await watches.next();
  beside.hang();
  (await works.next()).finish(7);
  await new Promise<void>((resolve) => beside.signal.addEventListener("abort", () => resolve()));
  expect(run.state).toBe("running");
  beside.fail(new Error("stopped"));
  expect(await run.result()).toBe(7);
  expect(run.totals).toMatchObject({ total: 2, succeeded: 1, aborted: 1 });
});

it("a failure is on record, and fails nothing that does not await it", async () => {
  const [watches, works] = [controlled(watch), controlled(work)];
  await using engine = await openTestEngine({ standIns: [watches, works] });
  const run = engine.start(watched, {});
  (await watches.next()).fail(new Error("lost sight"));
  const attempt = await works.next();
  attempt.finish(7);
  expect(await run.result()).toBe(7);
  expect(run.totals).toMatchObject({ failed: 1, succeeded: 1 });
});

it("begins again with a run that goes on, and is restored if it had ended", async () => {
  const store = memoryStore();
  const [watches, works] = [controlled(watch), controlled(work)];
  const first = await openTestEngine({ store, standIns: [watches, works] });
  first.start(watched, {}, { id: "w" });
  await watches.next();
  await works.next();
  await first.close();

  const [again, others] = [controlled(watch), controlled(work)];
  await using second = await openTestEngine({ store, standIns: [again, others], classes: [watched] });
  const resumed = await second.resume("w");
  (await again.next()).finish(1);
  (await others.next()).finish(8);
  expect(await resumed.result()).toBe(8);
});

it("leaves a thread to the steps that its flow waits for, and is refused where there is none", async () => {
  const [watches, works] = [controlled(watch), controlled(work)];
  await using engine = await openTestEngine({ standIns: [watches, works], maxConcurrency: 2 });
  const twice = defineFlow({
    id: "Twice",
    run: async (_: object, body) => {
      void body.background(watch, { x: 1 });
      void body.background(watch, { x: 2 });
      return body.call(work, { x: 3 });
    },
  });
  const run = engine.start(twice, {});
  await watches.next();
  (await works.next()).finish(7);
  expect(await run.result()).toBe(7);
  expect(watches.pending).toBe(0);

  await using narrow = await openTestEngine({ standIns: [controlled(watch), controlled(work)], maxConcurrency: 1 });
  const alone = defineFlow({ id: "Alone", run: (_: object, body) => body.background(watch, { x: 1 }) });
  await expect(narrow.run(alone, {})).rejects.toMatchObject({
    code: "limit-unmeetable",
    message: /no thread to spare/,
  });
});

it("takes tasks alone", async () => {
  await using engine = await openTestEngine({ classes: [watched] });
  const flow = defineFlow({ id: "Nested", run: (_: object, body) => body.background(watched, {}) });
  await expect(engine.run(flow, {})).rejects.toMatchObject({ code: "flow-misuse", message: /the flow Watched/ });
});
