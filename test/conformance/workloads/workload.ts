/** The three workloads, once: what their steps are called in every front end, and what waits for what. */

/** Steps by name, with the names of those that they wait for. */
export type Needs = Readonly<Record<string, readonly string[]>>;

/** A diamond with data; a task in the middle that fails twice, then works; five of a kind with one failure. */
export const WORKLOADS = {
  diamond: { seed: [], double: ["seed"], square: ["seed"], sum: ["double", "square"] },
  "second-wind": { seed: [], flaky: ["seed"], double: ["flaky"] },
  "five-items": { "item-0": [], "item-1": [], "item-2": [], "item-3": [], "item-4": [] },
} as const satisfies Readonly<Record<string, Needs>>;

export type Workload = keyof typeof WORKLOADS;

/** All of them, in the order of the table. */
export const NAMES = Object.keys(WORKLOADS) as readonly Workload[];
