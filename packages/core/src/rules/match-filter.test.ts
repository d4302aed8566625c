import { expect, it } from "vitest";
import { filtersOf, matchesFilters, verdictOn } from "./match-filter.js";
import type { Token } from "./rule-set.js";

function matches(filter: Token, token: Token): boolean {
  return matchesFilters(filtersOf({ filter }), token);
}

it.each<[Token, Token, boolean]>([
  [{}, {}, true],
  [{}, { b: "d" }, true],
  [{ b: "d" }, { b: "d", c: 1 }, true],
  [{ b: "d" }, { b: "e" }, false],
  [{ b: "d" }, {}, false],
  [{ b: undefined }, {}, false],
  [{ b: undefined }, { b: undefined }, true],
  [{ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }, true],
  [{ a: { b: 1 } }, { a: { c: 2 } }, false],
  [{ a: {} }, { a: 1 }, false],
  [{ a: {} }, { a: [] }, false],
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2, c: 3 }] }, true],
  [{ a: [1] }, { a: [1, 2] }, false],
  [{ a: Number.NaN }, { a: Number.NaN }, true],
  [{ a: 0 }, { a: -0 }, true],
  [{ a: null }, { a: {} }, false],
  [{ toString: 1 }, {}, false],
  [JSON.parse('{ "__proto__": { "x": 1 } }'), {}, false],
  [JSON.parse('{ "__proto__": { "x": 1 } }'), JSON.parse('{ "__proto__": { "x": 1 } }'), true],
])("%j on %j: %s", (filter, token, expected) => {
  expect(matches(filter, token)).toBe(expected);
});

it("asks one filter of each group", () => {
  const groups = filtersOf({ filter: { a: 1 } }, { filters: [{ b: 1 }, { b: 2 }], emits: { type: "end" } });
  const on = (token: Token): boolean => matchesFilters(groups, token);
  expect([on({ a: 1, b: 1 }), on({ a: 1, b: 2 }), on({ a: 1, b: 3 }), on({ b: 1 })]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(matchesFilters(filtersOf({}, { filters: [], emits: { type: "end" } }), {})).toBe(false);
});

it.each<[Token, Token, readonly string[] | undefined, string]>([
  [{ type: "page" }, { type: "page" }, undefined, "must"],
  [{ type: "page" }, { type: "found" }, undefined, "never"],
  [{ type: "page", kind: "html" }, { type: "page" }, undefined, "may"],
  [{ type: "page", kind: "html" }, { type: "page" }, [], "never"],
  [{ type: "page", kind: "html" }, { type: "page" }, ["kind"], "may"],
  [{ a: { b: 1, c: 1 } }, { a: { b: 1 } }, undefined, "may"],
  [{ a: { b: 1, c: 1 } }, { a: { b: 1 } }, [], "never"],
  [{ a: { b: 1 } }, { a: 1 }, undefined, "never"],
  [{}, {}, undefined, "must"],
  [{ _error: true }, { type: "page" }, undefined, "never"],
  [{ _error: true }, { _error: true, rule: "a" }, [], "must"],
])("%j on tokens with %j and %j: %s", (filter, has, others, expected) => {
  const shape = { name: "x", has, ...(others ? { others } : {}) };
  expect(verdictOn(filtersOf({ filter }), shape)).toBe(expected);
});
