/** `Run.steps()` tells of each attempt when it began, when it ended and why: over resumes, and for steps that have not settled yet. */
import { memoryStore, type Run } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine } from "@millrace/testing";
import { expect, it } from "vitest";

const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });
const flow = defineFlow({
  id: "Tried",
  run: (_: object, body) => body.call(work, { x: 1 }, { retry: { attempts: 3, delay: 100 } }),
});

/** Each attempt as `began-ended error`. */
async function tries(run: Run): Promise<readonly string[]> {
  for await (const { tries: ended } of run.steps())
    return ended.map(({ startedAt, endedAt, error }) => `${startedAt}-${endedAt} ${error?.message ?? "ok"}`);
  return [];
}

it("with exact times, the last one too", async () => {
  const clock = new ManualClock(1_000);
  const works = controlled(work);
  await using engine = await openTestEngine({ standIns: [works], clock });
  const run = engine.start(flow, {});
  const first = await works.next();
  clock.advance(10);
  first.fail(new Error("one"));
  await engine.events.until("attempt-failed");
  expect(await tries(run)).toEqual(["1000-1010 one"]);
  clock.advance(100);
  const second = await works.next();
  clock.advance(5);
  second.fail(new Error("two"));
  await engine.events.until("attempt-failed", ({ attempt }) => attempt === 2);
  clock.advance(100);
  const third = await works.next();
  clock.advance(1);
  third.finish(3);
  expect(await run.result()).toBe(3);
  expect(await tries(run)).toEqual(["1000-1010 one", "1110-1115 two", "1215-1216 ok"]);
});

it("over the processes that made them: one that was cut off is none", async () => {
  const store = memoryStore();
  const clock = new ManualClock(0);
  const works = controlled(work);
  const engine = await openTestEngine({ store, standIns: [works], clock });
  engine.start(flow, {}, { id: "t" });
  (await works.next()).fail(new Error("one"));
  await engine.events.until("attempt-failed");
  clock.advance(100);
  await works.next();
  await engine.close();
  const again = controlled(work);
  await using other = await openTestEngine({ store, standIns: [again], classes: [flow as never], clock });
  clock.advance(50);
  const run = await other.resume("t");
  const last = await again.next();
  clock.advance(7);
  last.finish(1);
  await run.result();
  expect(await tries(run)).toEqual(["0-0 one", "150-157 ok"]);
});
