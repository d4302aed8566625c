/** `Promise.all`, `allSettled`, `race`, `any`, and `all` and `race` of a flow: what arrives from several promises at once. */
import { type CallExpression, Node } from "ts-morph";
import type { Combinator } from "../../calls/combinators.js";
import { unwrap } from "../../calls/resolve-target.js";
import { firstOf, settledOf } from "../promises.js";
import type { Value } from "../value.js";
import { joinAll, mapSources, NOTHING, withPromise } from "../values.js";
import { hideGenerators } from "./hidden-callbacks.js";
import { outcomeList, outcomeObject } from "./outcomes.js";
import type { Place } from "./place.js";
import { itemOf, promiseOfItems } from "./projections.js";
import type { Walk } from "./walk.js";

/** The value of a combinator call. */
export function combine(
  walk: Walk,
  { node, combinator }: { readonly node: CallExpression; readonly combinator: Combinator },
  at: Place,
): Value {
  const [argument] = node.getArguments();
  if (!argument || !Node.isExpression(argument)) return NOTHING;
  const entrantsOf = (list: Node): Value =>
    hideGenerators(walk, node, walk.evaluate(list, at), node.getExpression().getText(), at);
  if (combinator === "all") {
    const list = entrantsOf(argument);
    return withPromise(list, promiseOfItems(walk, list));
  }
  if (combinator === "allSettled") return settledAll(walk, node, entrantsOf(argument), at);
  return race(walk, node, argument, at);
}

/** A list of `{ status, value, reason }`. */
function settledAll(walk: Walk, node: CallExpression, list: Value, at: Place): Value {
  const settle = (value: Value, variant: Node): Value =>
    outcomeObject(walk, value, { node: variant, error: "reason" }, at);
  const [argument = node] = node.getArguments();
  const elements = Node.isArrayLiteralExpression(argument) ? argument.getElements() : [];
  const cell = list.refs.length === 1 ? walk.state.cells.get(list.refs[0] ?? -1) : undefined;
  const promise = settledOf(promiseOfItems(walk, list));
  if (cell && cell.rest === NOTHING && elements.length === cell.props.size) {
    const props = new Map([...cell.props].map(([name, value], i) => [name, settle(value, elements[i] ?? node)]));
    return withPromise(walk.allocate(node, at, { list: true, props, rest: NOTHING }), promise);
  }
  return outcomeList(
    walk,
    withPromise(list, promiseOfItems(walk, list)),
    { node, item: argument, error: "reason" },
    at,
  );
}

/** The first wins: each entrant of a literal list has an arm, and what arrives may be any of them. */
function race(walk: Walk, node: CallExpression, argument: Node, at: Place): Value {
  const group = walk.draft(node, "race", at, { kind: "race" });
  const bare = Node.isExpression(argument) ? unwrap(argument) : argument;
  const listed = Node.isArrayLiteralExpression(bare) && !bare.getElements().some(Node.isSpreadElement);
  const text = node.getExpression().getText();
  const list = listed ? NOTHING : hideGenerators(walk, node, walk.evaluate(argument, at), text, at);
  const entrants = listed
    ? bare.getElements().map((element, index) => walk.evaluate(element, { ...at, parent: group, arm: String(index) }))
    : [itemOf(walk, list, undefined)];
  const winner = joinAll(entrants);
  const promises = listed ? entrants.map(({ promise }) => promise) : [promiseOfItems(walk, list)];
  const promise = firstOf(group, promises);
  // Whatever awaits one of them later takes it out again (settle.ts).
  for (const { members } of promise?.winners ?? []) for (const member of members) walk.graph.abandoned.add(member);
  const won = mapSources(winner, (s) => ({ ...s, certainty: "may", group: s.group ?? group }));
  return withPromise(won, promise);
}
