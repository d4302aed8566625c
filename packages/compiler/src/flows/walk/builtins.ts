/**
 * Calls of functions that are not the project's: methods of lists and promises that are followed, and all others, whose
 * result derives from everything they are given.
 */
import { type CallExpression, Node } from "ts-morph";
import { plainText, unwrap } from "../../calls/resolve-target.js";
import { rootOf } from "../root-of.js";
import { derived } from "../source.js";
import type { Arguments, Value } from "../value.js";
import { NOTHING, ofSources, withPromise } from "../values.js";
import { evaluateArguments } from "./arguments.js";
import { promiseOfForeign } from "./foreign.js";
import { hideCallbacks } from "./hidden-callbacks.js";
import { METHODS } from "./methods.js";
import type { Place } from "./place.js";
import { countOf, itemsOf, listOf, project } from "./projections.js";
import type { Walk } from "./walk.js";

/** Globals that change nothing they are given. */
const QUIET_GLOBALS: ReadonlySet<string> = new Set([
  "console",
  "Math",
  "JSON",
  "Number",
  "String",
  "Array",
  "Promise",
  "Object",
  "BigInt",
  "Boolean",
]);

/** The value of a call that the project does not define. */
export function evaluateBuiltin(
  walk: Walk,
  node: CallExpression,
  { receiver }: { readonly receiver: Value },
  at: Place,
): Value {
  const args = evaluateArguments(walk, node.getArguments(), at);
  const callee = unwrap(node.getExpression());
  const name = Node.isPropertyAccessExpression(callee) ? callee.getName() : undefined;
  const rule = name !== undefined && receiver !== NOTHING ? METHODS.get(name) : undefined;
  const followed = rule?.(walk, { node, receiver, args, at });
  if (followed) return followed;
  const text = plainText(node.getExpression());
  const given = [receiver, ...args.known, args.rest];
  const returned = hideCallbacks(walk, node, given, text, at);
  if (text === "Object.assign") return assignAll(walk, args, at);
  if (text === "Object.values" || text === "Object.entries") {
    return listOf(
      walk,
      node,
      at,
      text.endsWith("values") ? project(walk, args.known[0] ?? NOTHING, undefined) : walk.state.derive(args.known),
      countOf(walk, args.known[0] ?? NOTHING),
    );
  }
  if (text === "Promise.resolve" || text === "structuredClone") return args.known[0] ?? NOTHING;
  if (text === "Array.from") {
    const [list = NOTHING] = args.known;
    return listOf(walk, node, at, itemsOf(walk, list), countOf(walk, list));
  }
  if (!isQuiet(walk, rootOf(callee))) spill(walk, given, at);
  return withPromise(walk.state.derive([...given, returned]), promiseOfForeign(walk, node, given, returned));
}

function assignAll(walk: Walk, args: Arguments, at: Place): Value {
  const [target = NOTHING, ...others] = args.known;
  for (const other of others) {
    for (const id of other.refs) {
      for (const [name, value] of walk.state.cells.get(id)?.props ?? []) walk.setProperty(target, name, value, at);
    }
    if (other.sources.length > 0) walk.setProperty(target, undefined, walk.state.derive([other]), at);
  }
  return target;
}

/** Unknown code may put anything that it is given into any object that it is given. */
function spill(walk: Walk, given: readonly Value[], at: Place): void {
  for (const value of given) {
    if (value.refs.length === 0) continue;
    const sources = given.filter((other) => other !== value).flatMap((other) => walk.state.deep(other));
    if (sources.length === 0) continue;
    walk.setProperty(
      value,
      undefined,
      ofSources(derived(sources).map((s) => ({ ...s, certainty: "may" as const }))),
      at,
    );
  }
}

/** Methods of the flow and of what belongs to it put nothing into what they are given. */
function isQuiet(walk: Walk, root: Node): boolean {
  if (Node.isThisExpression(root) || QUIET_GLOBALS.has(root.getText())) return true;
  return walk.analysis.model.isFlow(root.getType());
}
