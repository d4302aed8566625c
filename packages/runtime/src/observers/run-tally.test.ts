import { EventFeed } from "@millrace/testing/conformance";
import { expect, test } from "vitest";
import { RunTally } from "./run-tally.js";

test("counts what settles and keeps what is live", () => {
  const feed = new EventFeed();
  const tally = new RunTally();
  const [a, b, c] = [feed.step("A"), feed.step("B"), feed.step("C")];
  for (const event of [feed.started(), feed.settled(c, { source: "restored" }), feed.ready(a), feed.ready(b)]) {
    tally.apply(event);
  }
  tally.apply(feed.running(a));
  tally.apply(feed.progress(a, 0.5, "half"));
  expect(tally.live.get(a.key)).toMatchObject({ state: "running", fraction: 0.5, message: "half" });
  tally.apply(feed.settled(a, { state: "failed" }));
  expect([...tally.live.keys()]).toEqual([b.key]);
  expect(tally).toMatchObject({ done: 2, failed: 1, restored: 1, expected: 3 });
});

test("a map makes its remaining items known, times the steps that an item takes", () => {
  const feed = new EventFeed();
  const tally = new RunTally();
  tally.apply(feed.mapStarted(100));
  expect(tally.expected).toBe(100);
  tally.apply(feed.ready(feed.step("Fetch", "0")));
  expect(tally.expected).toBe(100);
  tally.apply(feed.settled(feed.step("Fetch", "0")));
  tally.apply(feed.ready(feed.step("Parse", "0")));
  expect(tally.expected).toBe(200);
});

test("the nodes of a job graph are expected from the start", () => {
  const feed = new EventFeed();
  const tally = new RunTally();
  tally.apply(feed.started(4));
  expect(tally.expected).toBe(4);
  for (const name of ["A", "B", "C", "D", "E"]) tally.apply(feed.settled(feed.step(name)));
  // What a sub-flow of it does counts, too.
  expect(tally.expected).toBe(5);
});

test("every step of a finished map counts once", () => {
  const feed = new EventFeed();
  const tally = new RunTally();
  tally.apply(feed.mapStarted(3));
  for (const item of ["0", "1", "2"]) {
    const step = feed.step("Fetch", item);
    tally.apply(feed.ready(step));
    tally.apply(feed.running(step));
    tally.apply(feed.attemptFailed(step, 10, { name: "Error", message: "x" }));
    tally.apply(feed.ready(step));
    tally.apply(feed.running(step, 2));
    tally.apply(feed.settled(step));
  }
  expect(tally).toMatchObject({ done: 3, expected: 3 });
  expect(tally.live.size).toBe(0);
});
