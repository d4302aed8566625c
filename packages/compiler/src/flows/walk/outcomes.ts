/** Objects that say how a promise settled: the elements of `Promise.allSettled`, and what `attempt` gives. */
import type { Node } from "ts-morph";
import { settledOf } from "../promises.js";
import { derived, may, outcome } from "../source.js";
import type { Value } from "../value.js";
import { mapSources, NOTHING, ofSources, withPromise } from "../values.js";
import type { Place } from "./place.js";
import { countOf, itemOf, listOf } from "./projections.js";
import type { Walk } from "./walk.js";

/** `{ status, value }` or `{ status, [error]: … }` of what a value stands for. */
export function outcomeObject(
  walk: Walk,
  value: Value,
  { node, error }: { readonly node: Node; readonly error: "error" | "reason" },
  at: Place,
): Value {
  const sources = walk.state.deep(value);
  const errors = ofSources(
    sources.map((s) => ({ ...outcome(s.node, "error"), gather: s.gather, certainty: "may" as const })),
  );
  const props = new Map([
    ["status", ofSources(derived(errors.sources))],
    ["value", mapSources(value, may)],
    [error, errors],
  ]);
  return walk.allocate(node, at, { list: false, props, rest: NOTHING });
}

/** A list of outcomes of a list's items, and the promise of it. */
export function outcomeList(
  walk: Walk,
  list: Value,
  { node, item, error }: { readonly node: Node; readonly item: Node; readonly error: "error" | "reason" },
  at: Place,
): Value {
  const one = outcomeObject(walk, itemOf(walk, list, undefined), { node: item, error }, at);
  return withPromise(listOf(walk, node, at, one, countOf(walk, list)), settledOf(list.promise));
}

/** The promise of an outcome: it waits as long as the call, and does not reject. */
export function outcomePromise(walk: Walk, called: Value, node: Node, at: Place): Value {
  return withPromise(outcomeObject(walk, called, { node, error: "error" }, at), settledOf(called.promise));
}
