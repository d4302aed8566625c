/** Methods of lists, maps and promises that are followed exactly, where their callbacks lead to no step. */
import type { CallExpression } from "ts-morph";
import { joinStates } from "../state.js";
import {
  type Closure,
  choice,
  join,
  mapSources,
  NOTHING,
  ofSources,
  outcome,
  union,
  type Value,
  withSources,
} from "../values.js";
import { type Arguments, inline } from "./inline.js";
import { literalName } from "./literals.js";
import type { Place } from "./place.js";
import { allItemsOf, itemOf, listOf, project } from "./projections.js";
import type { Walk } from "./walk.js";

/** A call as these rules see it. */
export interface Builtin {
  readonly node: CallExpression;
  readonly receiver: Value;
  readonly args: Arguments;
  readonly at: Place;
  /** Of `catch`: what the receiver may reject with, besides its own outcome. */
  readonly failures: readonly Value[];
}

/** The value of a call, or undefined if it is not followed after all. */
export type MethodRule = (walk: Walk, call: Builtin) => Value | undefined;

const callback = (args: Arguments): Closure | undefined =>
  args.known[0]?.functions.length === 1 ? args.known[0].functions[0] : undefined;

/** Runs a callback that leads to no step for any item of the receiver. */
function perItem(walk: Walk, { node, receiver, args, at }: Builtin): { item: Value; result: Value } | undefined {
  const closure = callback(args);
  if (!closure || walk.analysis.reach.reaches(closure.callable)) return undefined;
  const item = itemOf(walk, receiver, undefined);
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
  );

const chosenItems: MethodRule = (walk, call) => {
  const run = perItem(walk, call);
  if (!run) return undefined;
  const items = mapSources(run.item, (s) => ({ ...s, gather: "some" }));
  return listOf(walk, call.node, call.at, withSources(items, choice(walk.state.deep(run.result))));
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
  if (exact && id !== undefined && !cell.summary && at.conditions.length === 0) {
    const props = new Map(cell.props);
    for (const value of args.known) props.set(String(props.size), value);
    walk.setCell(id, { ...cell, props });
    return NOTHING;
  }
  return intoReceiver(walk, call);
};

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
    listOf(walk, node, at, itemOf(walk, itemOf(walk, receiver, undefined), undefined)),
  concat: (walk, { node, receiver, args, at }) =>
    listOf(
      walk,
      node,
      at,
      union([receiver, ...args.known, args.rest].map((v) => (v.refs.length > 0 ? allItemsOf(walk, v) : v))),
    ),
  map: (walk, call) => {
    const run = perItem(walk, call);
    return run && listOf(walk, call.node, call.at, run.result);
  },
  flatMap: (walk, call) => {
    const run = perItem(walk, call);
    return (
      run &&
      listOf(walk, call.node, call.at, run.result.refs.length > 0 ? itemOf(walk, run.result, undefined) : run.result)
    );
  },
  forEach: (walk, call) => (perItem(walk, call) ? NOTHING : undefined),
  filter: chosenItems,
  find: oneItem,
  findLast: oneItem,
  // biome-ignore lint/suspicious/noThenProperty: a table of rules, never awaited
  then: (walk, call) => {
    const closure = callback(call.args);
    if (!closure || call.args.known.length > 1) return undefined;
    walk.settle(call.receiver, call.at);
    return inline(
      walk,
      { call: call.node, closure, self: NOTHING, args: { known: [call.receiver], rest: NOTHING } },
      call.at,
    );
  },
  catch: (walk, call) => {
    const closure = callback(call.args);
    const [handler] = call.node.getArguments();
    if (!closure || !handler) return undefined;
    const errors = walk.state
      .deep(call.receiver)
      .map((s) => ({ ...outcome(s.node, "error"), certainty: "may" as const, gather: s.gather }));
    const container = walk.draft(call.node, "try", call.at, { kind: "try" });
    const caught = union([ofSources(errors), ...call.failures]);
    const args = { known: [caught], rest: NOTHING };
    const before = walk.state.copy();
    const inside: Place = { ...call.at, parent: container, arm: "catch", conditions: [...call.at.conditions, errors] };
    const late = inline(walk, { call: call.node, closure, self: NOTHING, args }, inside);
    walk.state = joinStates(before, walk.state);
    return withSources(join(call.receiver, late), choice(errors));
  },
  finally: (walk, call) => {
    const closure = callback(call.args);
    if (!closure) return undefined;
    inline(walk, { call: call.node, closure, self: NOTHING, args: { known: [], rest: NOTHING } }, call.at);
    return call.receiver;
  },
};

/** By name of the method. */
export const METHODS: ReadonlyMap<string, MethodRule> = new Map(Object.entries(RULES));
