/** Callbacks that disappear in code which is not followed: their calls become dynamic nodes. */
import type { Node } from "ts-morph";
import { joinStates } from "../state.js";
import type { Closure, Value } from "../value.js";
import { NOTHING, union } from "../values.js";
import { inline, MAX_DEPTH } from "./inline.js";
import type { Place } from "./place.js";
import type { Walk } from "./walk.js";

/**
 * Functions handed to code that is not followed: it may run them any number of times, at any time, with anything that
 * it is given. Gives what they return.
 */
export function hideCallbacks(walk: Walk, node: Node, given: readonly Value[], by: string, at: Place): Value {
  const anything = walk.state.derive(given);
  const results = given
    .flatMap((value) => functionsIn(walk, value))
    .map((closure) => {
      if (at.stack.length >= MAX_DEPTH) return NOTHING;
      const before = walk.state;
      walk.state = before.copy();
      const opaque = at.opaque ?? `it is called by \`${by}\`, which is not followed`;
      const args = { known: [], rest: anything };
      const result = inline(walk, { call: node, closure, self: NOTHING, args }, { ...at, opaque });
      const returned = walk.state.derive([result]);
      walk.state = joinStates(before, walk.state);
      return returned;
    });
  return union(results);
}

function functionsIn(walk: Walk, value: Value): readonly Closure[] {
  const inside = value.refs.flatMap((id) => [...(walk.state.cells.get(id)?.props.values() ?? [])]);
  return [...value.functions, ...inside.flatMap((v) => v.functions)];
}
