/** The crash demo's proof: it accepts a survived crash, and finds every way in which one was not. */
import { describe, expect, it } from "vitest";
import { crashFaults } from "../demo/crash-faults.mjs";

/** Evidence of a good crash: a, b recorded; c under way; d to come. */
function evidence() {
  const recorded = (source: string, startedAt: number) => ({ source, startedAt });
  return {
    resumed: { status: "succeeded", steps: { total: 4, restored: 2 } },
    before: new Map([
      ["a", recorded("ran", 1)],
      ["b", recorded("ran", 2)],
    ]),
    after: new Map([
      ["a", recorded("restored", 1)],
      ["b", recorded("restored", 2)],
      ["c", recorded("ran", 8)],
      ["d", recorded("ran", 9)],
    ]),
    startsBefore: new Map([
      ["a", 1],
      ["b", 1],
      ["c", 1],
    ]),
    starts: new Map([
      ["a", 1],
      ["b", 1],
      ["c", 2],
      ["d", 1],
    ]),
  };
}

type Evidence = ReturnType<typeof evidence>;

describe("crashFaults", () => {
  it("has nothing to say of a crash that was survived", () => {
    expect([...crashFaults(evidence())]).toEqual([]);
  });

  it.each<[string, (seen: Evidence) => void, RegExp]>([
    ["a failed run", (seen) => Object.assign(seen.resumed, { status: "failed" }), /ended as failed/],
    ["a lost record", (seen) => Object.assign(seen.resumed.steps, { restored: 1 }), /2 steps were recorded, but 1/],
    ["an early kill", (seen) => Object.assign(seen.resumed.steps, { total: 11 }), /Only 2 of 11/],
    ["a late kill", (seen) => Object.assign(seen.resumed.steps, { total: 2 }), /nothing was left/],
    ["a missing step", (seen) => seen.after.delete("d"), /has 4 steps, but the store shows 3/],
    ["a recorded step that ran again", (seen) => seen.starts.set("a", 2), /a was recorded and ran again/],
    [
      "a recorded step that ran twice before",
      (seen) => seen.startsBefore.set("b", 2),
      /b was recorded, but its journal has 2/,
    ],
    ["a record without a run", (seen) => seen.starts.delete("d"), /d is recorded, but never began/],
    [
      "a record that was replaced",
      (seen) => Object.assign(seen.after.get("a") ?? {}, { source: "ran" }),
      /a was recorded, but is shown as ran/,
    ],
    [
      "a record that was changed",
      (seen) => Object.assign(seen.after.get("b") ?? {}, { startedAt: 7 }),
      /record of b has changed/,
    ],
  ])("finds %s", (_, spoil, expected) => {
    const seen = evidence();
    spoil(seen);
    expect([...crashFaults(seen)].join("\n")).toMatch(expected);
  });
});
