/** `call`, `ref`, `attempt`, `background`, `map`, `step`, `sleep` and `waitFor` on a flow: where the leaves of the graph and the edges into them are made. */
import type { MessageType } from "@millrace/core";
import { Node } from "ts-morph";
import type { FlowCall } from "../../calls/find-calls.js";
import type { Declared } from "../../project/declared.js";
import { typeToSchema } from "../../schema/type-to-schema.js";
import type { Draft } from "../draft.js";
import { stepName } from "../sites.js";
import { joinStates } from "../state.js";
import type { Value } from "../value.js";
import { join, NOTHING } from "../values.js";
import { runMap } from "./callbacks.js";
import { inline } from "./inline.js";
import { inputsOf } from "./inputs.js";
import { outcomeList, outcomePromise } from "./outcomes.js";
import type { Place } from "./place.js";
import { project } from "./projections.js";
import type { Walk } from "./walk.js";

/** The value of a call on a flow. */
export function issue(walk: Walk, call: FlowCall, at: Place): Value {
  if (call.method === "map") return issueMap(walk, call, at);
  if (call.method === "step") return issueStep(walk, call, at);
  if (call.method === "sleep" || call.method === "waitFor") return issueWait(walk, call, at);
  if (call.method === "attempt") return outcomePromise(walk, issueCall(walk, call, at), call.node, at);
  return issueCall(walk, call, at);
}

function issueCall(walk: Walk, call: FlowCall, at: Place): Value {
  const { node, target } = call;
  const [first] = node.getArguments();
  const named = target?.type === "unknown" && first ? walk.evaluate(first, at).names : undefined;
  if (target?.type === "either" && !at.opaque && !walk.graph.full) {
    const condition = target.condition ? walk.state.deep(walk.evaluate(target.condition, at)) : [];
    walk.usePredicate(condition);
    const text = target.condition?.getText() ?? "";
    const branch = walk.draft(node, "branch", at, { kind: "branch", detail: { text } });
    walk.decide(branch, condition);
    const leaves = target.candidates.map((candidate, index) =>
      leafOf(walk, call, candidate, { ...at, parent: branch, arm: index === 0 ? "then" : "else" }),
    );
    for (const leaf of leaves) passParams(walk, call, leaf, at);
    const before = walk.state;
    const ends = leaves.map((leaf) => {
      walk.state = before.copy();
      return { value: walk.issue(leaf), state: walk.state };
    });
    walk.state = ends.map(({ state }) => state).reduce((a, b) => joinStates(a, b));
    return ends.reduce((a, b) => ({
      value: join(a.value, b.value, { a: a.state.steps, b: b.state.steps }),
      state: joinStates(a.state, b.state),
    })).value;
  }
  const known = named ?? (target?.type === "one" ? target.candidates[0] : undefined);
  const leaf = known && !at.opaque && !walk.graph.full ? leafOf(walk, call, known, at) : hidden(walk, call, at, known);
  passParams(walk, call, leaf, at);
  return walk.issue(leaf);
}

function leafOf(walk: Walk, call: FlowCall, declared: Declared, at: Place): Draft {
  return walk.draft(call.node, declared.id, at, {
    kind: kindOf(call, declared),
    label: call.name?.literal ?? declared.id,
    site: walk.analysis.sites.get(call.node),
    frames: at.frames,
    detail: { name: declared.id, inputs: inputsOf(walk, [call.paramsArgument], at) },
  });
}

function kindOf({ method }: FlowCall, { kind }: Declared): "call" | "background" | "subflow" {
  if (kind === "flow") return "subflow";
  return method === "background" ? "background" : "call";
}

/** A call that is known to stand here, and no more. */
function hidden(walk: Walk, call: FlowCall, at: Place, known: Declared | undefined): Draft {
  const candidates = known ? [known] : (call.target?.candidates ?? []);
  const limit = walk.graph.full ? "limit" : undefined;
  return walk.draft(call.node, "dynamic", at, {
    kind: "dynamic",
    site: walk.analysis.sites.get(call.node),
    frames: at.frames,
    detail: {
      inputs: inputsOf(walk, [call.paramsArgument], at),
      reason: at.opaque ?? limit ?? call.target?.reason ?? "it names no task or flow",
      candidates: candidates.map((d) => d.id).sort(),
      ...((known ? false : (call.target?.open ?? true)) ? { open: true } : {}),
    },
  });
}

/** Edges into the parameters. What is no literal is taken apart by the properties that its type lists. */
function passParams(walk: Walk, call: FlowCall, leaf: Draft, at: Place): void {
  const { paramsArgument, node } = call;
  if (paramsArgument) {
    const value = walk.evaluate(paramsArgument, at);
    // Of a literal the walk knows the properties.
    const whole = value.sources.length > 0 && value.refs.length === 0;
    const names = whole ? paramsArgument.getType().getProperties() : [];
    for (const property of names) walk.emit(leaf, project(walk, value, property.getName()), property.getName());
    if (names.length === 0) walk.emit(leaf, value, "");
  }
  for (const option of node.getArguments().slice(2)) walk.evaluate(option, at);
}

function issueMap(walk: Walk, call: FlowCall, at: Place): Value {
  const [items, callback] = call.node.getArguments().filter(Node.isExpression);
  if (!items || !callback) return NOTHING;
  const limit = call.options?.getProperty("concurrency");
  const initializer = Node.isPropertyAssignment(limit) ? limit.getInitializer() : undefined;
  const literal = Node.isNumericLiteral(initializer) ? initializer.getLiteralValue() : null;
  const unclear = call.node.getArguments().length > 2 && !call.options;
  const results = runMap(
    walk,
    {
      node: call.node,
      items,
      callback,
      // Options that are no literal may hold a bound.
      mode: limit || unclear ? { type: "bounded", limit: literal } : { type: "parallel" },
      result: "list",
      waits: true,
      further: call.node.getArguments().slice(2),
    },
    at,
  );
  const collects = unclear ? undefined : collecting(call);
  if (collects === false) return results;
  // The call stands for the list of results already; its callee stands for that of outcomes.
  const outcomes = outcomeList(walk, results, { node: call.node.getExpression(), item: callback, error: "error" }, at);
  return collects ? outcomes : join(results, outcomes, { a: walk.state.steps, b: walk.state.steps });
}

/** Whether a map gives outcomes; undefined if its options do not tell. */
function collecting({ options }: FlowCall): boolean | undefined {
  const property = options?.getProperty("onError");
  if (!property) return options?.getProperties().some(Node.isSpreadAssignment) ? undefined : false;
  const initializer = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  return Node.isStringLiteral(initializer) ? initializer.getLiteralValue() === "collect" : undefined;
}

/** What no thread runs: a local step, a sleep, a wait. */
function localLeaf(walk: Walk, call: FlowCall, kind: "step" | "sleep" | "wait", at: Place): Draft {
  const name = kind === "sleep" ? undefined : stepName(call.node);
  const site = walk.analysis.sites.get(call.node);
  const blocked = at.opaque ?? (walk.graph.full ? "limit" : undefined);
  return walk.draft(call.node, blocked ? "dynamic" : kind, at, {
    kind: blocked ? "dynamic" : kind,
    label: name,
    site,
    frames: at.frames,
    detail: { ...(name === undefined ? {} : { name }), ...(blocked ? { reason: blocked, candidates: [] } : {}) },
  });
}

function issueWait(walk: Walk, call: FlowCall, at: Place): Value {
  const [first, second] = call.node.getArguments();
  const sleeps = call.method === "sleep";
  const leaf = localLeaf(walk, call, sleeps ? "sleep" : "wait", at);
  const message = messageOf(call);
  if (message) leaf.detail.message = message;
  if (first) walk.emit(leaf, walk.evaluate(first, at), sleeps ? "duration" : "name");
  if (second) walk.emit(leaf, walk.evaluate(second, at), "options");
  return walk.issue(leaf);
}

/** The type argument of a `waitFor`; undefined if it has none, or takes anything. */
function messageOf({ node, method }: FlowCall): MessageType | undefined {
  const [argument] = method === "waitFor" ? node.getTypeArguments() : [];
  if (!argument) return undefined;
  const type = argument.getType();
  if (type.isAny() || type.isUnknown()) return undefined;
  return { schema: typeToSchema(type, argument).schema, text: argument.getText() };
}

function issueStep(walk: Walk, call: FlowCall, at: Place): Value {
  const leaf = localLeaf(walk, call, "step", at);
  const [first, callback] = call.node.getArguments();
  if (first) walk.evaluate(first, at);
  if (callback) {
    const value = walk.evaluate(callback, at);
    for (const closure of value.functions) {
      readCaptured(walk, closure.callable, leaf, at);
      const opaque = "it stands inside a local step, which is recorded as a whole";
      const inside = { ...at, opaque, aside: true };
      inline(walk, { call: call.node, closure, self: NOTHING, args: { known: [], rest: NOTHING } }, inside);
    }
  }
  return walk.issue(leaf);
}

/** A local step has no parameters: the variables and fields that its function captures stand for them. */
function readCaptured(walk: Walk, callable: Node, leaf: Draft, at: Place): void {
  const seen = new Set<string>();
  callable.forEachDescendant((node) => {
    if (Node.isIdentifier(node)) {
      const symbol = node.getSymbol();
      const slot = symbol && at.scope.find(symbol);
      const text = node.getText();
      if (slot === undefined || seen.has(text)) return;
      seen.add(text);
      walk.emit(leaf, walk.state.slots.get(slot) ?? NOTHING, text);
    } else if (Node.isPropertyAccessExpression(node) && Node.isThisExpression(node.getExpression())) {
      const text = node.getText();
      if (seen.has(text)) return;
      seen.add(text);
      walk.emit(leaf, project(walk, at.scope.self, node.getName()), text);
    }
  });
}
