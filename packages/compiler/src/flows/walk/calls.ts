/** Calls that are no steps themselves: helpers, callbacks, getters, constructors. Decides what runs and walks it. */
import { type CallExpression, type ClassDeclaration, Node } from "ts-morph";
import { plainText, unwrap } from "../../calls/resolve-target.js";
import { type Callable, isGenerator } from "../callables.js";
import { isCombinator } from "../sites.js";
import { joinStates } from "../state.js";
import type { Closure, Value } from "../value.js";
import { join, NOTHING } from "../values.js";
import { evaluateBuiltin } from "./builtins.js";
import { runMap } from "./callbacks.js";
import { candidatesOf } from "./candidates.js";
import { combine } from "./combinators.js";
import { hideCallbacks } from "./hidden-callbacks.js";
import { type Arguments, construct, evaluateArguments, inline, MAX_DEPTH } from "./inline.js";
import { issue } from "./issue.js";
import type { Place } from "./place.js";
import { itemOf, project } from "./projections.js";
import type { Walk } from "./walk.js";

/** The value of a call. */
export function evaluateCall(walk: Walk, node: CallExpression, at: Place): Value {
  const { reach } = walk.analysis;
  const flowCall = reach.calls.get(node);
  if (flowCall) return issue(walk, flowCall, at);
  if (isCombinator(node)) return combine(walk, node, at);
  const framed = reach.callbacks.get(node);
  if (framed) {
    const { items, callback, method } = framed;
    const result = method === "forEach" ? "nothing" : method === "flatMap" ? "flat" : "list";
    const further = node.getArguments().filter((argument) => argument !== callback && argument !== items);
    return runMap(walk, { node, items, callback, mode: { type: "parallel" }, result, waits: false, further }, at);
  }
  const callee = resolveCallee(walk, node, at);
  if (callee.closures.length === 0) return evaluateBuiltin(walk, node, callee, at);
  return invoke(walk, node, callee, at);
}

/** What a call runs and on what. */
interface Callee {
  readonly closures: readonly Closure[];
  readonly receiver: Value;
}

function resolveCallee(walk: Walk, node: CallExpression, at: Place): Callee {
  const callee = unwrap(node.getExpression());
  const bySymbol = (): readonly Closure[] =>
    walk.analysis.callables.ofCall(node).map((callable) => ({ callable, scope: walk.moduleScope }));
  if (!Node.isPropertyAccessExpression(callee)) {
    const { functions } = walk.evaluate(callee, at);
    return { closures: functions.length > 0 ? functions : bySymbol(), receiver: NOTHING };
  }
  const object = callee.getExpression();
  const name = callee.getName();
  const receiver = walk.evaluate(object, at);
  const owner = Node.isSuperExpression(object) ? baseOf(node) : receiver.instanceOf;
  const method = owner && walk.analysis.callables.methodOf(owner, name);
  if (method) return { closures: [{ callable: method, scope: walk.moduleScope }], receiver };
  const { functions } = project(walk, receiver, name);
  return { closures: functions.length > 0 ? functions : bySymbol(), receiver };
}

function baseOf(node: Node): ClassDeclaration | undefined {
  return node.getFirstAncestor(Node.isClassDeclaration)?.getBaseClass();
}

/** Runs helpers: in a procedure container if they lead to a step, else in place. */
function invoke(walk: Walk, node: CallExpression, { closures, receiver }: Callee, at: Place): Value {
  const args = evaluateArguments(walk, node.getArguments(), at);
  const site = walk.analysis.reach.procedures.has(node) ? walk.analysis.sites.get(node) : undefined;
  const frames = site && walk.analysis.framed.has(node) ? [...at.frames, site] : at.frames;
  const text = plainText(node.getExpression());
  if (at.stack.length >= MAX_DEPTH || walk.graph.full) {
    if (site) {
      const candidates = closures.flatMap(({ callable }) => candidatesOf(walk.analysis, callable));
      walk.draft(node, "dynamic", at, {
        kind: "dynamic",
        site,
        frames: at.frames,
        detail: { reason: "limit", candidates },
      });
    }
    return walk.state.derive([receiver, ...args.known, args.rest]);
  }
  const [only, ...others] = closures;
  const several =
    others.length > 0
      ? `\`${text}\` may be ${closures.map((c) => `\`${nameOf(c.callable)}\``).join(" or ")}`
      : undefined;
  const generator = closures.some((c) => isGenerator(c.callable)) ? `\`${text}\` is a generator` : undefined;
  let inside: Place = { ...at, frames, opaque: at.opaque ?? (site ? (several ?? generator) : undefined) };
  if (site && !inside.opaque && only && !at.stack.some((entry) => entry.callable === only.callable)) {
    const detail = { name: nameOf(only.callable) };
    const parent = walk.draft(node, "procedure", at, { kind: "procedure", site, frames: at.frames, detail });
    inside = { ...inside, parent, arm: undefined };
  }
  return runEach(walk, node, { closures, receiver }, args, inside);
}

/** Runs one function, or any one of several. */
function runEach(walk: Walk, node: Node, { closures, receiver }: Callee, args: Arguments, at: Place): Value {
  const before = walk.state;
  const ends = closures.map((closure) => {
    walk.state = closures.length > 1 ? before.copy() : before;
    const result = inline(walk, { call: node, closure, self: receiver, args }, at);
    // What a generator yields is not followed: anything that it was given or returns may be an item.
    const value = isGenerator(closure.callable) ? walk.state.derive([result, ...args.known, args.rest]) : result;
    return { value, state: walk.state };
  });
  const end = ends.reduce((a, b) => ({
    value: join(a.value, b.value, { a: a.state.steps, b: b.state.steps }),
    state: joinStates(a.state, b.state),
  }));
  walk.state = end.state;
  return end.value;
}

/** Reading an accessor of the project; undefined if the property is none. */
export function inlineGetter(walk: Walk, node: Node, object: Value, at: Place): Value | undefined {
  if (!Node.isPropertyAccessExpression(node)) return undefined;
  const { callables } = walk.analysis;
  const name = node.getName();
  const bySymbol = callables.ofSymbol(node.getSymbol()).filter(Node.isGetAccessorDeclaration);
  const own = object.self
    ? callables.memberOf(walk.flow, name)
    : object.instanceOf && callables.methodOf(object.instanceOf, name);
  const getter = own && Node.isGetAccessorDeclaration(own) ? own : bySymbol[0];
  if (!getter || at.stack.length >= MAX_DEPTH) return undefined;
  // A property access cannot run in a frame: its steps are found by their sites alone.
  const opaque = walk.analysis.reach.reaches(getter) ? `\`${node.getText()}\` is an accessor` : undefined;
  const closure = { callable: getter, scope: walk.moduleScope };
  const args = { known: [], rest: NOTHING };
  return inline(walk, { call: node, closure, self: object, args }, { ...at, opaque: at.opaque ?? opaque });
}

/** The value of `new X(…)`. */
export function evaluateNew(walk: Walk, node: Node, at: Place): Value {
  if (!Node.isNewExpression(node)) return NOTHING;
  const args = evaluateArguments(walk, node.getArguments(), at);
  const declaration = node.getExpression().getSymbol();
  const declared = (declaration?.getAliasedSymbol() ?? declaration)?.getDeclarations().find(Node.isClassDeclaration);
  if (declared && walk.analysis.model.files.includes(declared.getSourceFile())) {
    return construct(walk, node, declared, args, at);
  }
  const name = node.getExpression().getText();
  const [first = NOTHING] = args.known;
  if (name === "Map" || name === "Set") {
    return walk.allocate(node, at, { list: true, props: new Map(), rest: itemOf(walk, first, undefined) });
  }
  const given = [...args.known, args.rest];
  return walk.state.derive([...given, hideCallbacks(walk, node, given, `new ${name}`, at)]);
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
  return Node.isClassDeclaration(parent) ? `${parent.getName() ?? "default"}.${name}` : name;
}
