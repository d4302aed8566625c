/**
 * Calls of functions that are not the project's: methods of lists and promises that are followed, and all others, whose
 * result derives from everything they are given.
 */
import { type CallExpression, Node } from "ts-morph";
import { plainText, unwrap } from "../../calls/resolve-target.js";
import { joinStates } from "../state.js";
import {
  type Closure,
  choice,
  derived,
  join,
  mapSources,
  NOTHING,
  ofSources,
  outcome,
  union,
  type Value,
  withSources,
} from "../values.js";
import { hideCallbacks } from "./calls.js";
import { literalName } from "./expressions.js";
import { type Arguments, evaluateArguments, inline } from "./inline.js";
import type { Place } from "./place.js";
import { itemOf, listOf, project } from "./projections.js";
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

/** A call as these rules see it. */
interface Builtin {
  readonly node: CallExpression;
  readonly receiver: Value;
  readonly args: Arguments;
  readonly at: Place;
  /** Of `catch`: what the receiver may reject with, besides its own outcome. */
  readonly failures: readonly Value[];
}

type Rule = (walk: Walk, call: Builtin) => Value | undefined;

/** The value of a call that the project does not define. */
export function evaluateBuiltin(
  walk: Walk,
  node: CallExpression,
  { receiver, failures = [] }: { readonly receiver: Value; readonly failures?: readonly Value[] },
  at: Place,
): Value {
  const args = evaluateArguments(walk, node.getArguments(), at);
  const callee = unwrap(node.getExpression());
  const name = Node.isPropertyAccessExpression(callee) ? callee.getName() : undefined;
  const rule = name !== undefined && receiver !== NOTHING ? METHODS[name] : undefined;
  const followed = rule?.(walk, { node, receiver, args, at, failures });
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
    );
  }
  if (text === "Promise.resolve" || text === "structuredClone") return args.known[0] ?? NOTHING;
  if (text === "Array.from") return listOf(walk, node, at, itemOf(walk, args.known[0] ?? NOTHING, undefined));
  const root = rootOf(callee);
  if (!QUIET_GLOBALS.has(root) && !receiver.self && root !== "this") spill(walk, given, at);
  return walk.state.derive([...given, returned]);
}

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
const someItems: Rule = (walk, { node, receiver, at }) =>
  listOf(
    walk,
    node,
    at,
    mapSources(itemOf(walk, receiver, undefined), (s) => ({ ...s, gather: "some" })),
  );

const chosenItems: Rule = (walk, call) => {
  const run = perItem(walk, call);
  if (!run) return undefined;
  const items = mapSources(run.item, (s) => ({ ...s, gather: "some" }));
  return listOf(walk, call.node, call.at, withSources(items, choice(walk.state.deep(run.result))));
};

const oneItem: Rule = (walk, call) => {
  const run = perItem(walk, call);
  const item = run && mapSources(run.item, (s) => ({ ...s, gather: "some" }));
  return run && item && withSources(item, choice(walk.state.deep(run.result)));
};

/** Arguments go into the receiver's items. */
const intoReceiver: Rule = (walk, { receiver, args, at }) => {
  const added = union([...args.known, args.rest]);
  walk.setProperty(receiver, undefined, added, at);
  return walk.state.derive([receiver]);
};

const push: Rule = (walk, call) => {
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

const METHODS: Readonly<Record<string, Rule | undefined>> = {
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
      union([receiver, ...args.known, args.rest].map((v) => (v.refs.length > 0 ? itemOf(walk, v, undefined) : v))),
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

function rootOf(node: Node): string {
  let at = node;
  while (Node.isPropertyAccessExpression(at) || Node.isCallExpression(at) || Node.isElementAccessExpression(at))
    at = at.getExpression();
  return at.getText();
}
