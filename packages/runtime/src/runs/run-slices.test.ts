import { expect, it } from "vitest";
import { RunSlices } from "./run-slices.js";

function adviceOf(...attempts: (readonly [task: string, busyMs: number, waitedMs: number, sliceMs: number])[]) {
  const slices = new RunSlices();
  for (const [task, busyMs, waitedMs, sliceMs] of attempts) slices.add(task, { busyMs, waitedMs, sliceMs });
  return slices.advice();
}

it("the task that held its thread for longest is named, with what it did", () => {
  const parse = ["Parse", 400, 100, 40] as const;
  expect(adviceOf(["Sum", 1_000, 0, 1_000], parse, ["Fetch", 50, 90_000, 2], parse, parse)).toEqual({
    message:
      "Parse has the option io and computed for 40 ms at a stretch, 80 % of its time: steps that share a thread with it have to wait.",
    hint: "Take the option from Parse (io: false), or let another task do what computes.",
  });
});

it("nothing is said of tasks that others can live beside, or that hardly computed", () => {
  expect(adviceOf()).toBeUndefined();
  expect(adviceOf(["Fetch", 2_000, 100_000, 16])).toBeUndefined();
  expect(adviceOf(["Parse", 999, 0, 40])).toBeUndefined();
  expect(adviceOf(["Parse", 1_000, 0, 40])).toBeDefined();
});
