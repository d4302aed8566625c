/** Callbacks that disappear in code which is not followed: their calls become dynamic nodes. */
import { Node } from "ts-morph";
import { joinStates } from "../state.js";
import type { Generated, Value } from "../value.js";
import { NOTHING, union, withPromise } from "../values.js";
import { inline, MAX_DEPTH } from "./inline.js";
import type { Place, Yielded } from "./place.js";
import type { Walk } from "./walk.js";

/**
 * Functions handed to code that is not followed: it may run them any number of times, at any time, with anything that
 * it is given. Gives what they return.
 */
export function hideCallbacks(walk: Walk, node: Node, given: readonly Value[], by: string, at: Place): Value {
  // When packages call them, and who waits for them, is the packages' affair.
  const aside = at.aside || walk.analysis.foreign.packageOf(node) !== undefined || Node.isNewExpression(node);
  const anything = walk.state.derive(given);
  const results = given
    .flatMap((value) => functionsIn(walk, value, anything))
    .map(({ closure, self, args }) => {
      if (at.stack.length >= MAX_DEPTH) return NOTHING;
      const before = walk.state;
      walk.state = before.copy();
      const opaque = at.opaque ?? `it is called by \`${by}\`, which is not followed`;
      const yields: Yielded[] = [];
      const result = inline(walk, { call: node, closure, self, args, yields }, { ...at, opaque, aside });
      const derived = walk.state.derive([result, ...yields.map(({ value }) => value)]);
      const returned = withPromise(derived, result.promise);
      walk.state = joinStates(before, walk.state);
      return returned;
    });
  return union(results);
}

/** A generator that is iterated in a way that is not followed. Gives whatever it may yield; the value itself if it is none. */
export function hideGenerators(walk: Walk, node: Node, value: Value, by: string, at: Place): Value {
  if (!value.generators) return value;
  const { generators, ...rest } = value;
  const yielded = hideCallbacks(walk, node, [{ ...NOTHING, generators }], by, at);
  return union([rest, withPromise(yielded, undefined)]);
}

/** Functions, which may be given anything, and generators, which have their arguments. */
function functionsIn(walk: Walk, value: Value, anything: Value): readonly Generated[] {
  const inside = value.refs.flatMap((id) => [...(walk.state.cells.get(id)?.props.values() ?? [])]);
  const given = { known: [], rest: anything };
  return [value, ...inside].flatMap(({ functions, generators = [] }) => [
    ...functions.map((closure) => ({ closure, self: NOTHING, args: given })),
    ...generators,
  ]);
}
