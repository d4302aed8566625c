/** Runs functions of the project: in a `procedure` container if they lead to a step, else in place. */
import { Node } from "ts-morph";
import { type Callable, isGenerator } from "../callables.js";
import { type Invocation, textOfCallee } from "../implicit-calls.js";
import { joinStates } from "../state.js";
import type { Arguments, Closure, Value } from "../value.js";
import { join, joinAll, NOTHING } from "../values.js";
import { candidatesOf } from "./candidates.js";
import { inline, MAX_DEPTH } from "./inline.js";
import type { Place } from "./place.js";
import type { Walk } from "./walk.js";

/** What is run, on what and with what. */
export interface HelperCall {
  readonly closures: readonly Closure[];
  readonly receiver: Value;
  readonly args: Arguments;
}

/** Where a helper's body stands; undefined if the call is cut off, and a node says so. */
export function placeOfHelper(
  walk: Walk,
  node: Invocation,
  callables: readonly Callable[],
  at: Place,
): Place | undefined {
  const { reach, sites, framed } = walk.analysis;
  const site = reach.procedures.has(node) ? sites.get(node) : undefined;
  if (at.stack.length >= MAX_DEPTH || walk.graph.full) {
    if (site) {
      const candidates = [...new Set(callables.flatMap((callable) => candidatesOf(walk.analysis, callable)))];
      const detail = { reason: "limit", candidates };
      walk.draft(node, "dynamic", at, { kind: "dynamic", site, frames: at.frames, detail });
    }
    return undefined;
  }
  const frames = site && framed.has(node) ? [...at.frames, site] : at.frames;
  const [only, ...others] = callables;
  const several = others.length > 0 && callables.some(reach.reaches) ? severalOf(node, callables) : undefined;
  const inside: Place = { ...at, frames, opaque: at.opaque ?? several };
  if (!site || inside.opaque || !only || at.stack.some((entry) => entry.callable === only)) return inside;
  const detail = { name: nameOf(only) };
  const parent = walk.draft(node, "procedure", at, { kind: "procedure", site, frames: at.frames, detail });
  return { ...inside, parent, arm: undefined };
}

function severalOf(node: Invocation, callables: readonly Callable[]): string {
  const names = callables.map(nameOf);
  const known = new Set(names).size === names.length;
  const what = known ? names.map((name) => `\`${name}\``).join(" or ") : "one of several functions";
  return `\`${textOfCallee(node)}\` may be ${what}`;
}

/** Runs one function, or any one of several. Generators are made; their bodies run where they are iterated. */
export function runHelpers(walk: Walk, node: Invocation, { closures, receiver, args }: HelperCall, at: Place): Value {
  const made = closures.filter(({ callable }) => isGenerator(callable));
  const generators = made.map((closure) => ({ closure, self: receiver, args }));
  const run = closures.filter((closure) => !made.includes(closure));
  const given = { ...NOTHING, generators };
  if (run.length === 0) return given;
  const inside = placeOfHelper(
    walk,
    node,
    run.map(({ callable }) => callable),
    at,
  );
  if (!inside) return walk.state.derive([receiver, ...args.known, args.rest]);
  const before = walk.state;
  const ends = run.map((closure) => {
    walk.state = run.length > 1 ? before.copy() : before;
    const value = inline(walk, { call: node, closure, self: receiver, args }, inside);
    return { value, state: walk.state };
  });
  const end = ends.reduce((a, b) => ({
    value: join(a.value, b.value, { a: a.state.steps, b: b.state.steps }),
    state: joinStates(a.state, b.state),
  }));
  walk.state = end.state;
  return made.length > 0 ? joinAll([given, end.value]) : end.value;
}

/** Qualified name of a helper. */
export function nameOf(callable: Callable): string {
  const parent = callable.getParent();
  if (Node.isArrowFunction(callable) || Node.isFunctionExpression(callable)) {
    return Node.isVariableDeclaration(parent) || Node.isPropertyAssignment(parent) || Node.isPropertyDeclaration(parent)
      ? parent.getName()
      : "function";
  }
  const name = callable.getName() ?? "default";
  return Node.isClassDeclaration(parent) || (Node.isClassExpression(parent) && parent.getName())
    ? `${parent.getName() ?? "default"}.${name}`
    : name;
}
