/** `this.all` and `this.race`: nothing is left running when they settle. */
import type { OwnerInfo, RunId } from "@millrace/core";
import { memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine } from "@millrace/testing";
import { expect, it } from "vitest";

const RUN = "r" as RunId;
const DEAD: OwnerInfo = { pid: 1, processStart: "0", boot: "none", host: "none", engine: "dead" };

const left = defineTask({ id: "Left", run: (_: { x: number }): number => 0 });
const right = defineTask({ id: "Right", run: (_: { x: number }): number => 0 });

function untilAborted({ signal }: { readonly signal: AbortSignal }): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
}

const race = defineFlow({
  id: "Race",
  run: (_: object, body) => body.race([body.call(left, { x: 1 }), body.call(right, { x: 2 })]),
});
const all = defineFlow({
  id: "All",
  run: (_: object, body) => body.all([body.call(left, { x: 1 }), body.call(right, { x: 2 })]),
});

it("a race gives the first, after the others have been aborted and are gone", async () => {
  const [lefts, rights] = [controlled(left), controlled(right)];
  await using engine = await openTestEngine({ standIns: [lefts, rights] });
  const run = engine.start(race, {});
  const loser = await lefts.next();
  loser.hang();
  (await rights.next()).finish(2);
  await untilAborted(loser);
  expect(run.state).toBe("running");
  loser.fail(new Error("gone"));
  expect(await run.result()).toBe(2);
  expect(run.totals).toMatchObject({ total: 2, succeeded: 1, aborted: 1 });
});

it("a failure that comes first decides a race, too; a resume tries both again", async () => {
  const store = memoryStore();
  const [lefts, rights] = [controlled(left), controlled(right)];
  const first = await openTestEngine({ store, standIns: [lefts, rights] });
  const run = first.start(race, {}, { id: "r" });
  const loser = await lefts.next();
  (await rights.next()).fail(new RangeError("right"));
  await untilAborted(loser);
  await expect(run.result()).rejects.toThrow("right");
  await first.close();

  const [again, beside] = [controlled(left), controlled(right)];
  await using second = await openTestEngine({ store, standIns: [again, beside], classes: [race] });
  const resumed = await second.resume("r");
  const other = await beside.next();
  (await again.next()).finish(10);
  await untilAborted(other);
  expect(await resumed.result()).toBe(10);
});

it("all gives every result in order, and a failure aborts the others before it rejects", async () => {
  const [lefts, rights] = [controlled(left), controlled(right)];
  await using engine = await openTestEngine({ standIns: [lefts, rights] });
  const good = engine.start(all, {});
  (await rights.next()).finish(2);
  (await lefts.next()).finish(1);
  expect(await good.result()).toEqual([1, 2]);

  const bad = engine.start(all, {});
  const other = await lefts.next();
  other.hang();
  (await rights.next()).fail(new RangeError("right"));
  await untilAborted(other);
  expect(bad.state).toBe("running");
  other.fail(new Error("gone"));
  await expect(bad.result()).rejects.toThrow("right");
  expect(bad.totals).toMatchObject({ total: 2, failed: 1, aborted: 1 });
});

it("ends what stands behind attempts, maps, and races in races", async () => {
  const flow = defineFlow({
    id: "Deep",
    run: (_: object, body) =>
      body.race([
        body.attempt(left, { x: 1 }),
        body.map([2, 3, 4], (x) => body.call(left, { x }), { concurrency: 2, onError: "collect" }),
        body.race([body.all([body.call(left, { x: 5 }), body.sleep("1h")]), body.waitFor("never")]),
        body.call(right, { x: 6 }),
      ]),
  });
  const [lefts, rights] = [controlled(left), controlled(right)];
  await using engine = await openTestEngine({ standIns: [lefts, rights] });
  const run = engine.start(flow, {});
  const losers = [await lefts.next(), await lefts.next(), await lefts.next(), await lefts.next()];
  (await rights.next()).finish(6);
  await Promise.all(losers.map(untilAborted));
  expect(await run.result()).toBe(6);
  // The third item of the map has not begun; sleep and wait are aborted, too.
  expect(run.totals).toMatchObject({ total: 7, succeeded: 1, aborted: 6 });
});

it("a loser that cleans up is waited for", async () => {
  const flow = defineFlow({
    id: "Cleaning",
    run: async (_: object, body) => {
      // No build has seen this helper: it is a promise like any other, and is waited for.
      const cleaning = async (): Promise<number> => {
        try {
          return await body.attempt(left, { x: 1 }).then(() => Promise.reject(new Error("lost")));
        } finally {
          await body.call(right, { x: 2 });
        }
      };
      return body.race([cleaning(), body.call(right, { x: 3 })]);
    },
  });
  const [lefts, rights] = [controlled(left), controlled(right)];
  await using engine = await openTestEngine({ standIns: [lefts, rights] });
  const run = engine.start(flow, {});
  (await rights.next()).finish(3);
  (await lefts.next()).finish(1);
  const cleanup = await rights.next();
  expect(run.state).toBe("running");
  cleanup.finish(2);
  expect(await run.result()).toBe(3);
});

it("a race of nothing is refused: it would never settle", async () => {
  await using engine = await openTestEngine();
  const flow = defineFlow({ id: "Nothing", run: (_: object, body) => body.race([]) });
  await expect(engine.run(flow, {})).rejects.toMatchObject({ code: "flow-misuse", message: /given nothing/ });
});

it.each([
  { died: "after the winner's commit", keep: 2 },
  { died: "after both", keep: 3 },
])("a run that dies $died ends as before", async ({ keep }) => {
  const whole = memoryStore();
  const [lefts, rights] = [controlled(left), controlled(right)];
  const first = await openTestEngine({ store: whole, standIns: [lefts, rights] });
  const run = first.start(race, {}, { id: "r" });
  const loser = await lefts.next();
  (await rights.next()).finish(2);
  await untilAborted(loser);
  expect(await run.result()).toBe(2);
  await first.close();

  const cut = memoryStore();
  const lease = await cut.acquire(RUN, DEAD);
  for await (const fact of whole.read(RUN))
    if (fact.seq <= keep) await cut.append([{ run: RUN, epoch: lease.epoch, facts: [fact] }]);
  await cut.release([lease]);
  const again = controlled(left);
  await using second = await openTestEngine({ store: cut, standIns: [again, controlled(right)], classes: [race] });
  expect(await (await second.resume("r")).result()).toBe(2);
});
