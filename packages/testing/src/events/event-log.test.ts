/** Assertions over events: each is shown to fail on a run that breaks it, and to say what ran. */
import type { RunEvent, RunId, StepKey, StepRef } from "@millrace/core";
import { expect, test } from "vitest";
import { EventLog } from "./event-log.js";

function step(name: string, item?: string): StepRef {
  const path = item === undefined ? "F" : `F/F.run%23map/0/[${item}]`;
  return { key: `${path}/F.run%23${name}/0` as StepKey, node: name, task: name };
}

/** A log of `+A` (A begins) and `-A` (A has ended), in order. */
function log(...moves: readonly string[]): EventLog {
  const events = new EventLog();
  for (const [at, move] of moves.entries()) {
    const [name = "", item] = move.slice(1).split(":");
    const base = { run: "run" as RunId, at, step: step(name, item) };
    const event: RunEvent = move.startsWith("+")
      ? { type: "step-running", ...base, attempt: 1 }
      : { type: "step-settled", ...base, state: "succeeded", source: "ran", attempts: 1, durationMs: 1 };
    events.on(event);
  }
  return events;
}

test("a before b", () => {
  log("+A", "-A", "+B", "-B").assertBefore("A", "B");
  log("+A:1", "+A:2", "-A:2", "-A:1", "+B").assertBefore("A", "B");
  expect(() => log("+A:1", "+A:2", "-A:1", "+B", "-A:2", "-B").assertBefore("A", "B")).toThrow(
    /A had not ended when B began\.\n {2}A\[1\] +├─+┤ +succeeded\n {2}A\[2\] +├─+┤ +succeeded\n {2}B +├─+┤/,
  );
  expect(() => log("+B", "-B", "+A", "-A").assertBefore("A", "B")).toThrow(/A had not ended/);
});

test("what did not run was neither before nor apart", () => {
  expect(() => log("+A", "-A").assertBefore("A", "B")).toThrow(/B did not run\.\n {2}A/);
  expect(() => log().assertNeverTogether("A", "B")).toThrow(/A did not run\.\n {2}nothing ran/);
  expect(() => log("+A", "-A").assertNeverTogether("A")).toThrow(/once only/);
});

test("never together", () => {
  log("+A", "-A", "+B", "-B").assertNeverTogether("A", "B");
  log("+A:1", "-A:1", "+A:2", "-A:2").assertNeverTogether("A");
  expect(() => log("+A", "+B", "-A", "-B").assertNeverTogether("A", "B")).toThrow(/A ran together with B/);
  expect(() => log("+A:1", "+A:2", "-A:1").assertNeverTogether("A")).toThrow(/A ran twice at once/);
  expect(() => log("+A", "+B", "-B").assertNeverTogether("B", "A")).toThrow(/…/);
});

test("exactly once", () => {
  log("+A", "-A", "+B").assertExactlyOnce("A");
  expect(() => log("+A:1", "+A:2").assertExactlyOnce("A")).toThrow(/A ran 2 times, not once/);
  expect(() => log("+B").assertExactlyOnce("A")).toThrow(/A did not run, not once\.\n {2}B/);
  log("+A:1", "+A:2").assertExactlyOnce("A[2]");
  log("+A:1", "+A:2").assertExactlyOnce(({ key }) => key.includes("[1]"));
});

test("most together", () => {
  expect(log("+A:1", "+A:2", "-A:1", "+A:3", "-A:2", "-A:3").mostTogether("A")).toBe(2);
  expect(log().mostTogether("A")).toBe(0);
});

test("waiting finds what was, what comes, and what never came", async () => {
  const events = log("+A");
  expect((await events.until("step-running")).step.task).toBe("A");
  const later = events.until("step-settled", ({ step }) => step.task === "A");
  const never = events.until("run-ended");
  events.on({
    type: "step-settled",
    run: "run" as RunId,
    at: 1,
    step: step("A"),
    state: "failed",
    source: "ran",
    attempts: 1,
    durationMs: 1,
  });
  expect(await later).toMatchObject({ state: "failed" });
  events.close();
  await expect(never).rejects.toMatchObject({ code: "engine-closed", hint: expect.stringMatching(/A +├/) });
  await expect(events.until("run-ended")).rejects.toMatchObject({ code: "engine-closed" });
});
