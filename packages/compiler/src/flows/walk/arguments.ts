/** Argument lists. */
import { Node } from "ts-morph";
import type { Arguments, Value } from "../value.js";
import { NOTHING, union } from "../values.js";
import { spreadOf } from "./iterations.js";
import type { Place } from "./place.js";
import { itemOf } from "./projections.js";
import type { Walk } from "./walk.js";

/** Evaluates an argument list. */
export function evaluateArguments(walk: Walk, nodes: readonly Node[], at: Place): Arguments {
  const known: Value[] = [];
  let rest = NOTHING;
  let open = false;
  for (const node of nodes) {
    if (Node.isSpreadElement(node)) {
      const list = spreadOf(walk, node, at);
      rest = union([rest, itemOf(walk, list, undefined)]);
      open = true;
    } else {
      const value = walk.evaluate(node, at);
      if (open) rest = union([rest, value]);
      else known.push(value);
    }
  }
  return { known, rest };
}
