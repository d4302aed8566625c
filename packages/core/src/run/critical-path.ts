/** The critical path of a run: the chain of steps that decided when it was over. */
import type { StepKey } from "../identity/brands.js";
import type { StepView } from "./run-view.js";

/** What the path needs to know of a step. */
export type TimedStep = Pick<StepView, "key" | "state" | "startedAt" | "endedAt">;

/**
 * The path, the first step first: from the step that ended last back to the beginning. Before each stands the one that ended last among those
 * that were over when it began, whether it waited for that one's result, or for its place. What lies between two of them is time in which the
 * run waited for something else. Sub-flows are no part of it, what they call is; nor are steps that were aborted, which ended because others had.
 * O(n log n).
 */
export function criticalPath(steps: readonly TimedStep[]): readonly StepKey[] {
  const holders = holdersAmong(steps);
  const spans = steps.flatMap(({ key, state, startedAt, endedAt }) =>
    startedAt === null || endedAt === null || state === "aborted" || holders.has(key)
      ? []
      : [{ key, startedAt, endedAt }],
  );
  // Equal ends keep the order of their records, so that each step looks back at earlier ones alone.
  spans.sort((a, b) => a.endedAt - b.endedAt);
  const path: StepKey[] = [];
  for (let at = spans.length - 1; at >= 0; ) {
    const { key, startedAt } = spans[at] as (typeof spans)[number];
    path.push(key);
    at = endedUntil(spans, startedAt, at) - 1;
  }
  return path.reverse();
}

/** How many of the first `count` ended at that time or before. */
function endedUntil(spans: readonly { readonly endedAt: number }[], time: number, count: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle] as { readonly endedAt: number }).endedAt <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Every path that some step lies in: keys of sub-flows are among them. */
function holdersAmong(steps: readonly TimedStep[]): ReadonlySet<string> {
  const holders = new Set<string>();
  for (const { key } of steps) {
    for (let at = key.lastIndexOf("/"); at > 0; at = key.lastIndexOf("/", at - 1)) {
      const holder = key.slice(0, at);
      // What holds this one has been noted with it.
      if (holders.has(holder)) break;
      holders.add(holder);
    }
  }
  return holders;
}
