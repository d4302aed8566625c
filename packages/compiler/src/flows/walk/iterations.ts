/**
 * Iteration over generators and iterables of the project. In a loop, each turn runs a part of the generator, up to a
 * `yield`, and then the body of the loop; spreads and `yield*` run it to its end.
 */
import type { SpreadElement, YieldExpression } from "ts-morph";
import { enclosingCallable, isGenerator } from "../callables.js";
import type { Draft } from "../draft.js";
import { withGuards, withoutExit } from "../guards.js";
import { ITERATOR_METHODS, type Iterating, isIterating } from "../implicit-calls.js";
import { choice } from "../source.js";
import { joinStates, mergeCounts } from "../state.js";
import type { Generated, Value } from "../value.js";
import { joinAll, mayBe, NOTHING, union, withPromise, withSources } from "../values.js";
import { noteAwait } from "./foreign.js";
import { inline } from "./inline.js";
import type { Place, Yielded } from "./place.js";
import { placeOfHelper } from "./procedures.js";
import { project } from "./projections.js";
import { settle } from "./settle.js";
import type { Walk } from "./walk.js";

/** Something whose items are made by code of the project. */
export interface Producer {
  /** Generators, or functions that give an iterator. */
  readonly makers: readonly Generated[];
}

/** What makes the items of a value; undefined if no code of the project does. */
export function producerOf(walk: Walk, value: Value): Producer | undefined {
  const { instanceOf } = value;
  const methods = ITERATOR_METHODS.flatMap(
    (name) => (instanceOf && walk.analysis.callables.methodOf(instanceOf, name)) ?? [],
  ).map((callable) => ({ callable, scope: walk.moduleScope }));
  const own = value.refs.flatMap((id) => {
    const props = walk.state.cells.get(id)?.props;
    return ITERATOR_METHODS.flatMap((name) => props?.get(name)?.functions ?? []);
  });
  const [first] = [...methods, ...own];
  const given = { known: [], rest: NOTHING };
  const makers = [...(value.generators ?? []), ...(first ? [{ closure: first, self: value, args: given }] : [])];
  return makers.length > 0 ? { makers } : undefined;
}

/** What a loop's turn gets from its producer: walks up to the `yield`s and goes on from all of them. */
export function takeTurn(walk: Walk, node: Iterating, { makers }: Producer, at: Place): Value {
  const turn = at.turns.at(-1);
  const { yields, container } = produce(walk, node, makers, at);
  const end = walk.state;
  const loop = turn?.draft;
  // Where it comes to its end the loop is left.
  if (end.live) turn?.breaks.push(end.copy());
  if (yields.length === 0) {
    if (loop) walk.state.leave(`break:${loop.index}`);
    return NOTHING;
  }
  walk.state = yields.map(({ state }) => state.copy()).reduce((a, b) => joinStates(a, b));
  const conditions = mergeCounts(...yields.map((each) => each.conditions));
  if (loop) {
    const exit = `break:${loop.index}` as const;
    const exits = new Set(yields.map((each) => each.exit));
    walk.state.guards = withoutExit(walk.state.guards, (each) => exits.has(each as Yielded["exit"]), [exit]);
    const guard = container && { branch: container, condition: conditions, parent: loop, exits: new Set([exit]) };
    if (guard && conditions.length > 0) walk.state.guards = withGuards(walk.state.guards, [guard], exit);
  }
  const item = joinAll(yields.map(({ value }) => value));
  return yields.length > 1 ? withSources(item, choice(conditions)) : item;
}

/** The list of everything that a producer makes; the value itself if none makes it. */
export function spreadOf(walk: Walk, node: SpreadElement, at: Place): Value {
  const value = walk.evaluate(node.getExpression(), at);
  const producer = producerOf(walk, value);
  if (!producer) return value;
  const { yields } = produce(walk, node, producer.makers, at);
  const items = yields.map((each) => (each.conditions.length > 0 ? mayBe(each.value) : each.value));
  const count = mergeCounts(...yields.map(({ conditions }) => conditions));
  return walk.allocate(node, at, { list: true, props: new Map(), rest: union(items), count });
}

/** `yield x` and `yield* xs`. */
export function yieldInto(walk: Walk, node: YieldExpression, at: Place): void {
  const expression = node.getExpression();
  const value = expression ? walk.evaluate(expression, at) : NOTHING;
  const { yields, base, exit } = at.activation;
  const conditions = mergeCounts(...at.conditions.slice(base));
  const producer = isIterating(node) ? producerOf(walk, value) : undefined;
  if (producer && isIterating(node)) {
    for (const inner of produce(walk, node, producer.makers, at).yields) {
      const guards = withoutExit(inner.state.guards, (each) => each === inner.exit, [exit]);
      const state = Object.assign(inner.state.copy(), { guards });
      yields.push({ ...inner, state, conditions: mergeCounts(conditions, inner.conditions), exit });
    }
    return;
  }
  const callable = enclosingCallable(node);
  const waits = callable !== undefined && isGenerator(callable) && "isAsync" in callable && callable.isAsync();
  if (waits && expression) noteAwait(walk, expression, value, at);
  if (waits) settle(walk, value, at);
  const item = isIterating(node) ? project(walk, value, undefined) : value;
  yields.push({ value: waits ? withPromise(item, undefined) : item, state: walk.state.copy(), conditions, exit });
}

/** Runs the makers of items from their starts to their ends. */
function produce(
  walk: Walk,
  node: Iterating,
  makers: readonly Generated[],
  at: Place,
): {
  readonly yields: readonly Yielded[] /** What holds the makers' bodies, if anything does. */;
  readonly container: Draft | undefined;
} {
  const inside = placeOfHelper(
    walk,
    node,
    makers.map(({ closure }) => closure.callable),
    at,
  );
  if (!inside) return { yields: [], container: undefined };
  const before = walk.state;
  const states = [];
  const all: Yielded[] = [];
  for (const { closure, self, args } of makers) {
    walk.state = makers.length > 1 ? before.copy() : before;
    const yields: Yielded[] = [];
    const given = inline(walk, { call: node, closure, self, args, yields }, inside);
    if (isGenerator(closure.callable)) all.push(...yields, ...again(walk, given, yields, inside));
    else all.push(...next(walk, node, given, inside));
    states.push(walk.state);
  }
  walk.state = states.reduce((a, b) => joinStates(a, b));
  return { yields: all, container: inside.parent === at.parent ? undefined : inside.parent };
}

/** A generator that is met on its own way yields what it has been seen to yield so far. */
function again(walk: Walk, given: Value, yields: readonly Yielded[], at: Place): readonly Yielded[] {
  if (yields.length > 0 || given === NOTHING) return [];
  return [{ value: given, state: walk.state.copy(), conditions: [], exit: at.activation.exit }];
}

/** One call of an iterator's `next`. */
function next(walk: Walk, node: Iterating, iterator: Value, at: Place): readonly Yielded[] {
  if (iterator.generators) {
    return iterator.generators.flatMap(({ closure, self, args }) => {
      const yields: Yielded[] = [];
      inline(walk, { call: node, closure, self, args, yields }, at);
      return yields;
    });
  }
  const { functions } = project(walk, iterator, "next");
  return functions.map((closure) => {
    const args = { known: [], rest: NOTHING };
    const result = inline(walk, { call: closure.callable, closure, self: iterator, args }, at);
    settle(walk, result, at);
    const conditions = walk.state.deep(project(walk, result, "done"));
    const value = project(walk, withPromise(result, undefined), "value");
    return { value, state: walk.state.copy(), conditions, exit: at.activation.exit };
  });
}
