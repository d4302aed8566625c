/** Maps of thousands of items: their steps are held back while enough of them are open, and nothing else is. */
import { decodeValue, type Fact, type OwnerInfo, type RunId } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine } from "@millrace/testing";
import { expect, it } from "vitest";

const RUN = "wide" as RunId;
const DEAD: OwnerInfo = { pid: 1, processStart: "0", boot: "none", host: "none", engine: "dead" };
const N = 2_500;
const ITEMS = Array.from({ length: N }, (_, i) => i);

const work = defineTask({ id: "Work", run: ({ x }: { x: number }): number => x });
const other = defineTask({ id: "Other", run: ({ x }: { x: number }): number => x });
const wide = defineFlow({ id: "Wide", run: (_: object, body) => body.map(ITEMS, (x) => body.call(work, { x })) });

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

it("a map has a thousand steps open, then one more for each that is done; its results stand in order", async () => {
  const works = controlled(work);
  await using engine = await openTestEngine({ standIns: [works], maxConcurrency: 2 * N });
  const run = engine.start(wide, {});
  await quiet();
  expect(works.pending).toBe(1_000);
  for (let done = 0; done < N; done++) {
    const attempt = await works.next();
    attempt.finish(attempt.params.x);
    if (done % 500 !== 0) continue;
    await quiet();
    expect(works.pending, `after ${done + 1}`).toBe(Math.min(1_000, N - done - 1));
  }
  expect(await run.result()).toEqual(ITEMS);
});

it("a concurrency of its own is what the author says", async () => {
  const works = controlled(work);
  await using engine = await openTestEngine({ standIns: [works], maxConcurrency: 2 * N });
  const flow = defineFlow({
    id: "Own",
    run: (_: object, body) => body.map(ITEMS, (x) => body.call(work, { x }), { concurrency: 2_000 }),
  });
  const run = engine.start(flow, {});
  await quiet();
  expect(works.pending).toBe(2_000);
  await run.cancel();
});

it("items that wait are not held back by each other", async () => {
  const clock = new ManualClock();
  await using engine = await openTestEngine({ clock });
  const sleepers = defineFlow({
    id: "Sleepers",
    run: async (_: object, body) => (await body.map(ITEMS, () => body.sleep("1h"))).length,
  });
  const run = engine.start(sleepers, {});
  await clock.waiting(3_600_000);
  await quiet();
  clock.advance(3_600_000);
  expect(await run.result()).toBe(N);
});

it("two maps take turns", async () => {
  const [works, others] = [controlled(work), controlled(other)];
  await using engine = await openTestEngine({ standIns: [works, others], maxConcurrency: 2 * N });
  const both = defineFlow({
    id: "Both",
    run: (_: object, body) =>
      Promise.all([body.map(ITEMS, (x) => body.call(work, { x })), body.map(ITEMS, (x) => body.call(other, { x }))]),
  });
  const run = engine.start(both, {});
  await quiet();
  expect([works.pending, others.pending]).toEqual([1_000, 0]);
  for (let done = 0; done < 200; done++) (await works.next()).finish(0);
  await quiet();
  expect([works.pending, others.pending]).toEqual([900, 100]);
  await run.cancel();
});

it("a map that is held back and loses a race ends at once", async () => {
  const [works, others] = [controlled(work), controlled(other)];
  await using engine = await openTestEngine({ standIns: [works, others], maxConcurrency: 2 * N });
  const flow = defineFlow({
    id: "Race",
    run: async (_: object, body) => {
      const first = body.map(ITEMS, (x) => body.call(work, { x }));
      // It has no room for a single item, and loses.
      const lost = await body.race([body.map(ITEMS, (x) => body.call(other, { x })), body.sleep(0)]);
      return [lost, (await first).length];
    },
  });
  const run = engine.start(flow, {});
  for (let done = 0; done < N; done++) (await works.next()).finish(0);
  expect(await run.result()).toEqual([undefined, N]);
  expect(others.pending).toBe(0);
});

it("goes on from any prefix of a wide map's record, and runs nothing recorded", async () => {
  const store = memoryStore();
  const first = await openTestEngine({ store });
  await first.start(wide, {}, { id: RUN }).result();
  await first.close();
  const facts: Fact[] = [];
  for await (const fact of store.read(RUN)) facts.push(fact);
  for (const length of [1, 2, 700, 1_001, 1_002, 1_750, N, facts.length - 1]) {
    const cut = memoryStore();
    const lease = await cut.acquire(RUN, DEAD);
    await cut.append([{ run: RUN, epoch: lease.epoch, facts: facts.slice(0, length) }]);
    await cut.release([lease]);
    await using second = await openTestEngine({ store: cut, classes: [wide] });
    const run = await second.resume(RUN);
    expect(await run.result(), `cut after ${length}`).toEqual(ITEMS);
    expect(run.totals, `cut after ${length}`).toMatchObject({ total: N, succeeded: N, restored: length - 1 });
  }
});

it("hands over each recorded outcome when the body has done all that the one before it led to", async () => {
  const trace: string[] = [];
  const slow = defineFlow({
    id: "Slow",
    run: (_: object, body) =>
      body.map(ITEMS, async (x) => {
        await body.call(work, { x });
        trace.push(`has ${x}`);
        for (let hop = 0; hop < 50; hop++) await undefined;
        await new Promise<void>((resolve) => process.nextTick(resolve));
        trace.push(`done ${x}`);
      }),
  });
  const store = memoryStore();
  const first = await openTestEngine({ store });
  await first.start(slow, {}, { id: RUN }).result();
  await first.close();
  const facts: Fact[] = [];
  for await (const fact of store.read(RUN)) facts.push(fact);
  const cut = memoryStore();
  const lease = await cut.acquire(RUN, DEAD);
  await cut.append([{ run: RUN, epoch: lease.epoch, facts: facts.slice(0, -1) }]);
  await cut.release([lease]);
  const order = facts.flatMap((fact) =>
    fact.kind === "step-settled" && fact.params ? [(decodeValue(fact.params.read()) as { readonly x: number }).x] : [],
  );
  trace.length = 0;
  await using second = await openTestEngine({ store: cut, classes: [slow] });
  const run = await second.resume(RUN);
  await run.result();
  expect(run.totals).toMatchObject({ total: N, restored: N });
  expect(trace).toEqual(order.flatMap((x) => [`has ${x}`, `done ${x}`]));
});
