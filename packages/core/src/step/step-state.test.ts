import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSettled, nextState, type StepEvent, type StepState, transition } from "./step-state.js";

const EVENTS: readonly StepEvent[] = [
  { type: "admit" },
  { type: "claim" },
  { type: "redispatch" },
  { type: "back-off" },
  { type: "retry" },
  { type: "settle", state: "succeeded" },
  { type: "settle", state: "failed" },
  { type: "settle", state: "skipped" },
  { type: "restore", state: "succeeded" },
  { type: "restore", state: "failed" },
  { type: "restore", state: "aborted" },
  { type: "hit-cache" },
  { type: "expire" },
  { type: "abort" },
];

/** Every legal move, written down by hand. */
const LEGAL = [
  "pending admit ready",
  "pending restore:succeeded succeeded",
  "pending restore:failed failed",
  "pending restore:aborted aborted",
  "pending abort aborted",
  "ready claim running",
  "ready hit-cache succeeded",
  "ready expire failed",
  "ready abort aborted",
  "running settle:succeeded succeeded",
  "running settle:failed failed",
  "running settle:skipped skipped",
  "running back-off backing-off",
  "running redispatch ready",
  "running expire failed",
  "running abort aborted",
  "backing-off retry ready",
  "backing-off expire failed",
  "backing-off abort aborted",
];

const STATES: readonly StepState[] = [
  "pending",
  "ready",
  "running",
  "backing-off",
  "succeeded",
  "failed",
  "skipped",
  "aborted",
];

describe("the transition table", () => {
  it("allows these moves and no others", () => {
    const allowed = STATES.flatMap((state) =>
      EVENTS.flatMap((event) => {
        const next = nextState(state, event);
        const name = "state" in event ? `${event.type}:${event.state}` : event.type;
        return next === undefined ? [] : [`${state} ${name} ${next}`];
      }),
    );
    expect(allowed.sort()).toEqual([...LEGAL].sort());
  });

  it("never leaves a settled state, whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), (events) => {
        let state: StepState = "pending";
        for (const event of events) {
          const next = nextState(state, event);
          if (isSettled(state)) expect(next).toBeUndefined();
          state = next ?? state;
        }
      }),
      { seed: 4, numRuns: 1_000 },
    );
  });

  it("calls an illegal move a bug, by name", () => {
    expect(() => transition("succeeded", { type: "claim" })).toThrow(/bug in Millrace.*"claim".*"succeeded"/);
  });
});
