/** When the facts of a flow are on disk: an option of flows. */
import type { OptionIssue } from "./merge-options.js";

/**
 * `before`: the flow's code hears of an outcome once it is committed. `behind`: at once, and commits follow some milliseconds later,
 * in order; what a crash takes with it runs again, so that steps have to be pure or idempotent.
 */
export type Durability = "before" | "behind";

const NAMES: readonly unknown[] = ["before", "behind"] satisfies readonly Durability[];

/** What is wrong with a value of the option `durability`; nothing if it is left out. */
export function checkDurability(value: unknown): readonly OptionIssue[] {
  if (value === undefined || NAMES.includes(value)) return [];
  return [{ path: "durability", message: 'must be "before" or "behind"' }];
}
