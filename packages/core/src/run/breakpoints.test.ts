import { expect, it } from "vitest";
import type { StepKey } from "../identity/brands.js";
import { Breakpoints } from "./breakpoints.js";
import type { StepRef } from "./events.js";
import type { Fact } from "./facts.js";
import { readSelector } from "./step-selector.js";

const step = (task: string, key = `F/F.run#${task}@a/0`): StepRef => ({
  key: key as StepKey,
  node: `F.run/${task}`,
  task,
});

it.each([
  ["Fetch", "Fetch", true],
  ["Fetch", "FetchAll", false],
  ["F.run/Fetch", "Fetch", true],
  ["F/F.run#Fetch@a/0", "Fetch", true],
  ["Fet*", "FetchAll", true],
  ["*", "Anything", true],
  ["F?tch", "Fetch", true],
  ["F.tch*", "Fetch", false],
  ["/^f.tch$/i", "Fetch", true],
  ["/tch/", "Fetch", true],
  ["/^tch/", "Fetch", false],
])("%s selects %s: %s", (selector, task, expected) => {
  expect(readSelector(selector)(step(task))).toBe(expected);
});

it.each(["", "/(/"])("refuses %j", (selector) => {
  expect(() => readSelector(selector)).toThrow(expect.objectContaining({ code: "usage" }));
});

/** The fold of changes and of steps that are held. */
function folded(...facts: readonly (readonly [change: string, selector?: string])[]) {
  const breakpoints = new Breakpoints();
  let seq = 0;
  const hold = (task: string): void => {
    const by = breakpoints.holds(step(task));
    // Safe: of a fact the fold looks at nothing else.
    if (by) breakpoints.see({ kind: "step-held", seq: ++seq, at: 0, ...step(task), ...by } as Fact);
  };
  for (const [change, selector] of facts) {
    if (change === "begin") hold(selector ?? "");
    else if (change === "settle") breakpoints.see({ kind: "step-settled", ...step(selector ?? "") } as Fact);
    else breakpoints.see({ kind: "breakpoint", id: `${++seq}`, seq, at: 0, change, selector } as Fact);
  }
  return {
    held: breakpoints.held.map(({ task }) => task),
    holds: (task: string) => breakpoints.holds(step(task)) !== undefined,
    selectors: breakpoints.selectors,
    stepping: breakpoints.stepping,
  };
}

it("what is set holds what begins then, until it is dropped", () => {
  expect(folded(["begin", "A"], ["set", "A"], ["begin", "B"]).held).toEqual([]);
  expect(folded(["set", "A"], ["set", "B*"], ["begin", "A"], ["begin", "B1"]).held).toEqual(["A", "B1"]);
  expect(folded(["set", "A"], ["set", "B*"], ["begin", "A"], ["begin", "B1"], ["drop", "A"])).toMatchObject({
    held: ["B1"],
    selectors: ["B*"],
  });
  expect(folded(["set", "A"], ["set", "*"], ["begin", "A"], ["drop", "A"]).held).toEqual(["A"]);
  expect(folded(["set", "A"], ["set", "B"], ["begin", "A"], ["drop"])).toMatchObject({ held: [], selectors: [] });
});

it("what was let go is not held again until it has settled", () => {
  const gone = folded(["set", "A"], ["begin", "A"], ["continue"]);
  expect([gone.held, gone.holds("A"), gone.selectors]).toEqual([[], false, ["A"]]);
  expect(folded(["set", "A"], ["begin", "A"], ["continue"], ["settle", "A"]).holds("A")).toBe(true);
});

it("a step lets the longest held go, and holds everything that begins then, until continue", () => {
  const stepped = folded(["set", "A"], ["set", "B"], ["begin", "A"], ["begin", "B"], ["step"], ["begin", "C"]);
  expect([stepped.held, stepped.holds("A"), stepped.stepping]).toEqual([["B", "C"], false, true]);
  const on = folded(["set", "A"], ["begin", "A"], ["step"], ["begin", "C"], ["continue"], ["begin", "D"]);
  expect([on.held, on.stepping]).toEqual([[], false]);
  expect(folded(["step"], ["begin", "X"]).held).toEqual(["X"]);
});
