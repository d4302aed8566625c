/** Filters of rules: whether one matches a token, and whether it will match tokens of which only a part is known. */
import type { RuleEntry, TokenShape } from "./rule-entry.js";
import type { RuleSpec, Token } from "./rule-set.js";

/** Whether a filter matches tokens of a shape: none of them, some or perhaps none, all of them. */
export type Verdict = "never" | "may" | "must";

/** Groups of filters: of each group, one has to match. */
export type FilterGroups = readonly (readonly Token[])[];

/** The filters of a rule: its own, and those of the `Rule` class that it runs. */
export function filtersOf({ filter }: Pick<RuleSpec, "filter">, entry?: RuleEntry): FilterGroups {
  return [...(filter === undefined ? [] : [[filter]]), ...(entry ? [entry.filters] : [])];
}

/** True if of each group one filter matches. */
export function matchesFilters(groups: FilterGroups, token: Token): boolean {
  return groups.every((group) => group.some((filter) => isIn(filter, token)));
}

/** True for a rule that is meant for errors: only those match the tokens of failures, whatever else matches them. */
export function handlesErrors(groups: FilterGroups): boolean {
  return groups.some((group) => group.some((filter) => Object.hasOwn(filter, "_error")));
}

/** `matchesFilters` for all tokens of a shape. Only those that say so stand for failures. */
export function verdictOn(groups: FilterGroups, { has, others }: TokenShape): Verdict {
  const mayHave = (key: string): boolean => others?.includes(key) ?? key !== "_error";
  return least(
    groups.map((group) =>
      most(group.map((filter) => verdict(filter, has, { mayHave, isWhole: others !== undefined }))),
    ),
  );
}

/** Every key of the filter is in the token with an equal value: objects at any depth likewise, lists item by item. */
function isIn(filter: unknown, value: unknown): boolean {
  if (Array.isArray(filter)) {
    return Array.isArray(value) && value.length === filter.length && filter.every((each, i) => isIn(each, value[i]));
  }
  if (!isRecord(filter)) return Object.is(filter, value) || filter === value;
  return (
    isRecord(value) && Object.keys(filter).every((key) => Object.hasOwn(value, key) && isIn(filter[key], value[key]))
  );
}

/** What of a value is known: whether it may have a key beside, and whether the values of keys are known to the last. */
interface Knowledge {
  readonly mayHave: (key: string) => boolean;
  readonly isWhole: boolean;
}

function verdict(filter: Token, known: Readonly<Record<string, unknown>>, { mayHave, isWhole }: Knowledge): Verdict {
  return least(
    Object.entries(filter).map(([key, wanted]) => {
      if (!Object.hasOwn(known, key)) return mayHave(key) ? "may" : "never";
      const there = known[key];
      if (isRecord(wanted) && isRecord(there)) return verdict(wanted, there, { mayHave: () => !isWhole, isWhole });
      return isIn(wanted, there) ? "must" : "never";
    }),
  );
}

function least(all: readonly Verdict[]): Verdict {
  return all.includes("never") ? "never" : all.includes("may") ? "may" : "must";
}

function most(all: readonly Verdict[]): Verdict {
  return all.includes("must") ? "must" : all.includes("may") ? "may" : "never";
}

/** An object whose parts are known by name; a date or a map is compared as a whole. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
