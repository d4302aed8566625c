/** In which rules two sets differ. Pure; for people who go on with a run whose definition has changed since. */
import { canonicalHash } from "../values/canonical-hash.js";
import type { RuleSet } from "./rule-set.js";

/** Names of rules, in the order of the sets; `rest` is everything else. */
export interface RuleSetDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly (string | "rest")[];
}

/** From the first to the second; undefined if they say the same. */
export function compareRuleSets(from: RuleSet, to: RuleSet): RuleSetDifference | undefined {
  const [before, after] = [formsOf(from), formsOf(to)];
  const added = [...after.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const differing = [...after].flatMap(([name, form]) => (before.has(name) && before.get(name) !== form ? [name] : []));
  const changed = restOf(from) === restOf(to) ? differing : [...differing, "rest"];
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}

function formsOf({ rules }: RuleSet): ReadonlyMap<string, string> {
  return new Map(rules.map((rule) => [rule.name, canonicalHash(rule)]));
}

function restOf({ rules, ...rest }: RuleSet): string {
  return canonicalHash({ ...rest, order: rules.map(({ name }) => name) });
}
