import { expect, it } from "vitest";
import { RunWaits } from "./run-waits.js";

function adviceOf(...steps: (readonly [task: string, heldMs: number, busyMs: number])[]) {
  const waits = new RunWaits();
  for (const step of steps) waits.add(...step);
  return waits.advice();
}

it("a run that mostly waited is told what waited, most of it first", () => {
  expect(adviceOf(["Ask", 600, 10], ["Fetch", 2_000, 50], ["Sum", 500, 495], ["Fetch", 1_000, 40])).toEqual({
    message: "Steps had threads to themselves for 4.1 s and computed for 595 ms of it.",
    hint: "What mostly waits can share a thread, up to 64 steps: give the option io: true to Fetch, Ask.",
  });
});

it("three tasks are named, others counted", () => {
  const steps = ["A", "B", "C", "D", "E"].map((task, n) => [task, 1_000 - n, 1] as const);
  expect(adviceOf(...steps)?.hint).toMatch(/io: true to A, B, C, 2 more\.$/);
});

it("nothing is said of a run that computed for longer than it waited, or hardly waited", () => {
  expect(adviceOf()).toBeUndefined();
  expect(adviceOf(["Sum", 10_000, 5_000])).toBeUndefined();
  expect(adviceOf(["Fetch", 999, 0])).toBeUndefined();
  expect(adviceOf(["Fetch", 1_000, 0])).toBeDefined();
  // A thread's clock and the process's need not agree.
  expect(adviceOf(["Sum", 2_000, 2_100], ["Fetch", 1_500, 0])).toBeUndefined();
});
