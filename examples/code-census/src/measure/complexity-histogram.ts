/** How the complexities of many functions are counted: a few classes that widen as they go. */

/** Lower bounds of the classes; each ends before the next begins, the last never. */
export const COMPLEXITY_CLASSES: readonly number[] = [1, 2, 3, 5, 10, 20, 50, 100];

/** A count for each class, all zero. */
export function emptyHistogram(): number[] {
  return COMPLEXITY_CLASSES.map(() => 0);
}

/** Adds one function to a histogram. */
export function countComplexity(histogram: number[], complexity: number): void {
  const index = COMPLEXITY_CLASSES.findLastIndex((bound) => complexity >= bound);
  histogram[index] = (histogram[index] ?? 0) + 1;
}

/** The sum of two histograms. */
export function addHistograms(left: readonly number[], right: readonly number[]): number[] {
  return left.map((count, index) => count + (right[index] ?? 0));
}

/** A class for people: `1`, `3–4`, `100+`. */
export function classLabel(index: number): string {
  const low = COMPLEXITY_CLASSES[index] ?? 0;
  const next = COMPLEXITY_CLASSES[index + 1];
  if (next === undefined) return `${low}+`;
  return next - low === 1 ? `${low}` : `${low}–${next - 1}`;
}
