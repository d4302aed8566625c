import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StepKey } from "../identity/brands.js";
import type { StepState } from "../step/step-state.js";
import { criticalPath, type TimedStep } from "./critical-path.js";

function step(
  name: string,
  startedAt: number | null,
  endedAt: number | null,
  state: StepState = "succeeded",
): TimedStep {
  return { key: `Flow/${name}/0` as StepKey, state, startedAt, endedAt };
}

/** Names of the steps on the path. */
function pathOf(...steps: readonly TimedStep[]): readonly string[] {
  return criticalPath(steps).map((key) => key.split("/").slice(1, -1).join("/"));
}

describe("the critical path", () => {
  it("goes back from the last end, each time to the latest of those that were over", () => {
    expect(
      pathOf(
        step("short", 0, 10),
        step("long", 0, 50),
        step("side", 12, 60),
        step("join", 52, 80),
        step("early", 5, 9),
      ),
    ).toEqual(["long", "join"]);
  });

  it("is one step where none was over before the last began", () => {
    expect(pathOf(step("a", 0, 10), step("b", 5, 30))).toEqual(["b"]);
  });

  it("leaves out what never ran, what goes on, and what was aborted when others had ended", () => {
    expect(
      pathOf(
        step("skipped", null, 40, "skipped"),
        step("failed", 0, 20, "failed"),
        step("monitor", 0, 21, "aborted"),
        step("open", 3, null, "running"),
      ),
    ).toEqual(["failed"]);
    expect(criticalPath([])).toEqual([]);
  });

  it("goes through a sub-flow, not over it", () => {
    expect(pathOf(step("a", 0, 10), step("sub/0/inner", 12, 30), step("sub", 11, 31), step("b", 32, 40))).toEqual([
      "a",
      "sub/0/inner",
      "b",
    ]);
  });

  it("comes to an end where steps take no time", () => {
    const path = pathOf(...["a", "b", "c"].map((name) => step(name, 5, 5)));
    expect(path).toEqual(["a", "b", "c"]);
  });

  it("is, for any steps, what asking all of them finds", () => {
    const any = fc.array(fc.tuple(fc.nat(40), fc.nat(12)), { maxLength: 40 });
    fc.assert(
      fc.property(any, (spans) => {
        const steps = spans.map(([at, took], i) => step(`s${i}`, at, at + took));
        const order = steps.map((one, i) => ({ ...one, i }));
        const ends = (one: TimedStep): number => one.endedAt as number;
        const later = (a: (typeof order)[number], b: (typeof order)[number]) => ends(a) - ends(b) || a.i - b.i;
        const expected: StepKey[] = [];
        for (let at = order.toSorted(later).at(-1); at; ) {
          const one: (typeof order)[number] = at;
          expected.unshift(one.key);
          at = order
            .filter((each) => later(each, one) < 0 && ends(each) <= (one.startedAt as number))
            .sort(later)
            .at(-1);
        }
        expect(criticalPath(steps)).toEqual(expected);
      }),
      { seed: 20_261, numRuns: 300 },
    );
  });
});
