/** Methods of lists, maps and promises that are followed exactly, where their callbacks lead to no step. */
import { type CallExpression, Node } from "ts-morph";
import { unwrap } from "../../calls/resolve-target.js";
import { caught, chain, foreignPart, RESOLVED, settledOf, withoutFailuresOf } from "../promises.js";
import { choice } from "../source.js";
import { joinStates, mergeCounts, type State } from "../state.js";
import { joinSteps } from "../steps.js";
import type { Arguments, Closure, Value } from "../value.js";
import { join, mapSources, NOTHING, ofSources, union, withPromise, withSources } from "../values.js";
import { asynchronous } from "./asynchronous.js";
import { noteAwait } from "./foreign.js";
import { inline } from "./inline.js";
import { literalName } from "./literals.js";
import type { Place } from "./place.js";
import { allItemsOf, countOf, itemOf, itemsOf, listOf, project } from "./projections.js";
import { afterWaits, settle } from "./settle.js";
import { decideByFailures } from "./tries.js";
import type { Walk } from "./walk.js";

/** A call as these rules see it. */
export interface Builtin {
  readonly node: CallExpression;
  readonly receiver: Value;
  readonly args: Arguments;
  readonly at: Place;
}

/** The value of a call, or undefined if it is not followed after all. */
export type MethodRule = (walk: Walk, call: Builtin) => Value | undefined;

const onlyFunction = ({ functions }: Value): Closure | undefined => (functions.length === 1 ? functions[0] : undefined);

const callback = ({ known: [first] }: Arguments): Closure | undefined => first && onlyFunction(first);

/** Runs a callback that leads to no step for any item of the receiver. */
function perItem(walk: Walk, { node, receiver, args, at }: Builtin): { item: Value; result: Value } | undefined {
  const closure = callback(args);
  if (!closure || walk.analysis.reach.reaches(closure.callable)) return undefined;
  const item = itemsOf(walk, receiver);
  const result = inline(walk, { call: node, closure, self: NOTHING, args: { known: [item], rest: NOTHING } }, at);
  return { item, result };
}

/** The receiver's items in a new list, some of them. */
const someItems: MethodRule = (walk, { node, receiver, at }) =>
  listOf(
    walk,
    node,
    at,
    mapSources(itemOf(walk, receiver, undefined), (s) => ({ ...s, gather: "some" })),
    countOf(walk, receiver),
  );

const chosenItems: MethodRule = (walk, call) => {
  const run = perItem(walk, call);
  if (!run) return undefined;
  const items = mapSources(itemOf(walk, call.receiver, undefined), (s) => ({ ...s, gather: "some" }));
  const chosen = walk.state.deep(run.result);
  const count = mergeCounts(countOf(walk, call.receiver), chosen);
  return listOf(walk, call.node, call.at, withSources(items, choice(chosen)), count);
};

const oneItem: MethodRule = (walk, call) => {
  const run = perItem(walk, call);
  const item = run && mapSources(run.item, (s) => ({ ...s, gather: "some" }));
  return run && item && withSources(item, choice(walk.state.deep(run.result)));
};

/** Arguments go into the receiver's items. */
const intoReceiver: MethodRule = (walk, { receiver, args, at }) => {
  const added = union([...args.known, args.rest]);
  walk.setProperty(receiver, undefined, added, at);
  return walk.state.derive([receiver]);
};

const push: MethodRule = (walk, call) => {
  const { receiver, args, at } = call;
  const [id] = receiver.refs;
  const cell = id === undefined ? undefined : walk.state.cells.get(id);
  const exact =
    cell &&
    receiver.refs.length === 1 &&
    cell.rest === NOTHING &&
    cell.depth === at.turns.length &&
    args.rest === NOTHING;
  if (exact && id !== undefined && !cell.summary && at.conditions.length === cell.base) {
    const props = new Map(cell.props);
    for (const value of args.known) props.set(String(props.size), value);
    walk.setCell(id, { ...cell, props });
    return NOTHING;
  }
  return intoReceiver(walk, call);
};

/** Behind the receiver, if it succeeds. */
function onSuccess(walk: Walk, { node, receiver, at }: Builtin, closure: Closure): Value {
  // Behind a promise that is no step's, nothing is the body's.
  const foreign = foreignPart(receiver.promise) !== undefined;
  const inside: Place = foreign ? { ...at, aside: true } : at;
  const late = asynchronous(walk, inside, () => {
    settle(walk, receiver, inside);
    const given = { known: [withPromise(receiver, undefined)], rest: NOTHING };
    return inline(walk, { call: node, closure, self: NOTHING, args: given }, inside);
  });
  return foreign ? withPromise(late, undefined) : late;
}

/** The receiver as it is where it does not fail. */
function unfailing(walk: Walk, { receiver }: Builtin): { readonly value: Value; readonly state: State } {
  return { value: withPromise(receiver, settledOf(receiver.promise ?? RESOLVED)), state: walk.state.copy() };
}

/** Behind the receiver, if it fails; `otherwise` is what there is if it does not. */
function onFailure(
  walk: Walk,
  { node, receiver, at }: Builtin,
  closure: Closure,
  otherwise: { readonly value: Value; readonly state: State },
): Value {
  const promise = receiver.promise ?? RESOLVED;
  const container = walk.draft(node, "try", at, { kind: "try" });
  const conditions = promise.guards.flatMap(({ condition }) => condition);
  const errors = decideByFailures(walk, container, { failures: promise.failures, conditions });
  const thrown = promise.failures.map(({ source }) => source);
  const given = { known: [union([ofSources(thrown), ...promise.thrown])], rest: NOTHING };
  const inside: Place = { ...at, parent: container, arm: "catch", conditions: [...at.conditions, errors] };
  const late = asynchronous(walk, inside, () => {
    walk.state.steps = afterWaits(walk.state.steps, promise.rejected);
    return inline(walk, { call: node, closure, self: NOTHING, args: given }, inside);
  });
  const issued = { a: otherwise.state.steps, b: walk.state.steps };
  walk.state = joinStates(otherwise.state, walk.state);
  const handled = withPromise(late, chain(caught(promise), late.promise));
  return withSources(join(otherwise.value, handled, issued), choice(errors));
}

const RULES: Readonly<Record<string, MethodRule>> = {
  push,
  unshift: intoReceiver,
  splice: intoReceiver,
  fill: intoReceiver,
  add: intoReceiver,
  set: (walk, { receiver, args, at }) => {
    walk.setProperty(receiver, undefined, args.known[1] ?? args.rest, at);
    return receiver;
  },
  get: (walk, { receiver, args }) =>
    receiver.refs.length > 0
      ? withSources(project(walk, receiver, undefined), choice(walk.state.derive(args.known).sources))
      : undefined,
  pop: (walk, { receiver }) => project(walk, receiver, undefined),
  shift: (walk, { receiver }) => project(walk, receiver, undefined),
  at: (walk, { node, receiver }) => {
    const [first] = node.getArguments();
    const index = first && literalName(first);
    return project(walk, receiver, index);
  },
  slice: someItems,
  sort: (_walk, { receiver }) => receiver,
  reverse: (_walk, { receiver }) => receiver,
  toSorted: someItems,
  values: (_walk, { receiver, node }) => (node.getArguments().length === 0 ? receiver : undefined),
  flat: (walk, { node, receiver, at }) =>
    listOf(walk, node, at, itemsOf(walk, itemsOf(walk, receiver)), countOf(walk, receiver)),
  concat: (walk, { node, receiver, args, at }) =>
    listOf(
      walk,
      node,
      at,
      union([receiver, ...args.known, args.rest].map((v) => (v.refs.length > 0 ? allItemsOf(walk, v) : v))),
      mergeCounts(...[receiver, ...args.known, args.rest].map((v) => countOf(walk, v))),
    ),
  map: (walk, call) => {
    const run = perItem(walk, call);
    return run && listOf(walk, call.node, call.at, run.result, countOf(walk, call.receiver));
  },
  flatMap: (walk, call) => {
    const run = perItem(walk, call);
    if (!run) return undefined;
    const items = run.result.refs.length > 0 ? itemsOf(walk, run.result) : run.result;
    return listOf(
      walk,
      call.node,
      call.at,
      items,
      mergeCounts(countOf(walk, call.receiver), walk.state.deep(run.result)),
    );
  },
  forEach: (walk, call) => (perItem(walk, call) ? NOTHING : undefined),
  filter: chosenItems,
  find: oneItem,
  findLast: oneItem,
  // biome-ignore lint/suspicious/noThenProperty: a table of rules, never awaited
  then: (walk, call) => {
    const [closure, handler] = call.args.known.map(onlyFunction);
    if (!closure && handler && /^(undefined|null)$/.test(call.node.getArguments()[0]?.getText() ?? "")) {
      return onFailure(walk, call, handler, unfailing(walk, call));
    }
    if (!closure || call.args.known.length > 2) return undefined;
    if (call.args.known.length === 1) {
      const callee = unwrap(call.node.getExpression());
      noteAwait(
        walk,
        Node.isPropertyAccessExpression(callee) ? callee.getExpression() : call.node,
        call.receiver,
        call.at,
      );
      return onSuccess(walk, call, closure);
    }
    if (!handler) return undefined;
    const before = walk.state.copy();
    const done = onSuccess(walk, call, closure);
    const succeeded = walk.state;
    walk.state = before;
    // The handler is for what fails before, not for what the first function throws.
    return onFailure(walk, call, handler, {
      value: withPromise(done, withoutFailuresOf(done.promise, call.receiver.promise)),
      state: succeeded,
    });
  },
  catch: (walk, call) => {
    const closure = callback(call.args);
    if (!closure) return undefined;
    return onFailure(walk, call, closure, unfailing(walk, call));
  },
  finally: (walk, { node, receiver, args, at }) => {
    const closure = callback(args);
    if (!closure) return undefined;
    const promise = receiver.promise ?? RESOLVED;
    const late = asynchronous(walk, at, () => {
      const { steps } = walk.state;
      walk.state.steps = joinSteps(afterWaits(steps, promise.fulfilled), afterWaits(steps, promise.rejected));
      return inline(walk, { call: node, closure, self: NOTHING, args: { known: [], rest: NOTHING } }, at);
    });
    return withPromise(receiver, chain(promise, late.promise));
  },
};

/** By name of the method. */
export const METHODS: ReadonlyMap<string, MethodRule> = new Map(Object.entries(RULES));
