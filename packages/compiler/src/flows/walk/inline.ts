/** Inlines functions: binds arguments, walks the body, and gives what it returns. Recursion is walked to a fixpoint. */
import { type ClassDeclaration, Node } from "ts-morph";
import { type Callable, isAsync } from "../callables.js";
import { withoutExit } from "../guards.js";
import { RESOLVED } from "../promises.js";
import type { Sites } from "../sites.js";
import { choice } from "../source.js";
import { joinStates } from "../state.js";
import type { Arguments, Closure, Value } from "../value.js";
import { join, joinAll, mapSources, NOTHING, withPromise, withSources } from "../values.js";
import { bind } from "./assignments.js";
import { asynchronous } from "./asynchronous.js";
import { activate, type Inlining, type Place, type Yielded } from "./place.js";
import type { Walk } from "./walk.js";

/** Longest chain of inlined calls. */
export const MAX_DEPTH = 12;
/** Passes over a recursive function. */
const MAX_PASSES = 6;

/** One call of a known function. */
export interface Invocation {
  /** The call expression: with the caller's scope it tells this call path from others. */
  readonly call: Node;
  readonly closure: Closure;
  /** What `this` is, unless the function is an arrow. */
  readonly self: Value;
  readonly args: Arguments;
  /** Takes what it yields, if it is a generator. */
  readonly yields?: Yielded[];
}

/** Walks the body of a function for one call and gives its result. */
export function inline(walk: Walk, { call, closure, self, args, yields = [] }: Invocation, at: Place): Value {
  const { callable } = closure;
  const around = at.stack.find((entry) => entry.callable === callable);
  if (around) return callAgain(around, args);
  const receiver = Node.isArrowFunction(callable) ? closure.scope.self : self;
  const scope = walk.scopeOf(call, callable, closure.scope, receiver, at);
  const site = walk.analysis.sites.get(call as Parameters<Sites["get"]>[0]); // other nodes have none
  const draft =
    site !== undefined && at.parent?.kind === "procedure" && at.parent.site === site ? at.parent : undefined;
  const entry: Inlining = { callable, call, draft, recursive: false, again: [], result: NOTHING };
  const forget = walk.graph.mark();
  const before = walk.state.copy();
  let known = args.known;
  for (let pass = 0; ; pass += 1) {
    forget();
    yields.length = 0;
    walk.state = before.copy();
    const inside = { ...at, scope, stack: [...at.stack, entry] };
    const body = (): Value => run(walk, { callable, args: { known, rest: args.rest }, yields }, inside);
    const result = isAsync(callable) ? asynchronous(walk, at, body) : body();
    const settled =
      entry.result.sources.length === result.sources.length && entry.result.refs.length === result.refs.length;
    entry.result = result;
    // Without a container of its own a recursion has no turns to carry between: its nodes are dynamic anyhow.
    if (!draft && walk.analysis.reach.reaches(callable)) return result;
    if (!entry.recursive || (settled && pass > 0) || pass >= MAX_PASSES) return result;
    const carried = (value: Value): Value =>
      draft
        ? mapSources(value, (s) => (s.carried.includes(draft) ? s : { ...s, carried: [...s.carried, draft] }))
        : value;
    known = args.known.map((value, index) => join(value, carried(entry.again[index] ?? NOTHING)));
  }
}

/** A call of a function that is already on the path: its arguments reach the body that is being walked. */
function callAgain(entry: Inlining, args: Arguments): Value {
  entry.recursive = true;
  args.known.forEach((value, index) => {
    const known = entry.again[index];
    entry.again[index] = known ? join(known, value) : value;
  });
  if (entry.draft) {
    entry.draft.kind = "loop";
    entry.draft.detail.recursion = true;
    entry.draft.detail.text = entry.draft.detail.name ?? "";
  }
  // Its steps are those of another activation.
  const { promise } = entry.result;
  return withPromise(entry.result, promise && { ...RESOLVED, failures: promise.failures, thrown: promise.thrown });
}

/** Walks parameters and body of a function in a place whose scope is its own. */
function run(
  walk: Walk,
  { callable, args, yields }: { readonly callable: Callable; readonly args: Arguments; readonly yields: Yielded[] },
  at: Place,
): Value {
  const activation = activate(at.conditions.length, yields);
  const inside: Place = { ...at, activation };
  callable.getParameters().forEach((parameter, index) => {
    const given = args.known[index];
    if (parameter.isRestParameter()) {
      const props = new Map(args.known.slice(index).map((value, i) => [String(i), value]));
      bind(
        walk,
        parameter.getNameNode(),
        walk.allocate(parameter, inside, { list: true, props, rest: args.rest }),
        inside,
      );
      return;
    }
    const initializer = parameter.getInitializer();
    const value = given ?? (initializer ? walk.evaluate(initializer, inside) : args.rest);
    const late = given && initializer ? join(given, walk.evaluate(initializer, inside)) : value;
    bind(walk, parameter.getNameNode(), late, inside);
  });
  const body = callable.getBody();
  if (!body) return NOTHING;
  if (Node.isExpression(body)) return walk.evaluate(body, inside);
  walk.execute(body, inside);
  return finish(walk, activation);
}

/** Joins the states and values at all ends of a body. */
function finish(walk: Walk, activation: Place["activation"]): Value {
  const ends = activation.exits.map((state, index) => ({ state, value: activation.returns[index] ?? NOTHING }));
  if (walk.state.live) ends.push({ state: walk.state, value: NOTHING });
  const [first, ...others] = ends;
  // A body that only throws ends the caller's path as well.
  if (!first) return NOTHING;
  const end = others.reduce((a, b) => {
    const value = join(a.value, b.value, { a: a.state.steps, b: b.state.steps });
    const fork = { condition: activation.guards, branch: undefined, parent: undefined };
    return { value, state: joinStates(a.state, b.state, fork) };
  }, first);
  // A generator that is made anew inside of itself yields what it yields.
  const yielded = activation.yields.map(({ value }) => value);
  const value = yielded.length > 0 ? joinAll([NOTHING, ...yielded]) : end.value;
  walk.state = end.state.copy();
  walk.state.guards = withoutExit(walk.state.guards, (exit) => exit === activation.exit);
  return others.length === 0 ? value : withSources(value, choice(activation.guards));
}

/** `new X(…)` of a project class: fields, parameter properties and the constructor's body. */
export function construct(walk: Walk, node: Node, owner: ClassDeclaration, args: Arguments, at: Place): Value {
  const instance = walk.allocateInstance(node, at, owner);
  if (at.stack.length >= MAX_DEPTH) return instance;
  const scope = walk.scopeOf(node, owner, undefined, instance, at);
  const inside: Place = { ...at, scope, activation: activate(at.conditions.length) };
  for (let layer: ClassDeclaration | undefined = owner; layer; layer = layer.getBaseClass()) {
    for (const property of layer.getInstanceProperties()) {
      const initializer = Node.isPropertyDeclaration(property) ? property.getInitializer() : undefined;
      if (initializer) walk.setProperty(instance, property.getName(), walk.evaluate(initializer, inside), inside);
    }
    const maker = layer.getConstructors()[0];
    if (!maker) continue;
    maker.getParameters().forEach((parameter, index) => {
      const value = args.known[index] ?? args.rest;
      bind(walk, parameter.getNameNode(), value, inside);
      if (parameter.isParameterProperty()) walk.setProperty(instance, parameter.getName(), value, inside);
    });
    const body = maker.getBody();
    if (body) walk.execute(body, inside);
    break;
  }
  walk.state.live = true;
  return instance;
}
