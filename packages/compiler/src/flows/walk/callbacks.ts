/** `this.map` and array methods whose callbacks lead to steps: one container, its callback walked as one turn. */
import type { CallExpression, Expression, Node } from "ts-morph";
import type { DraftDetail } from "../draft.js";
import { all, RESOLVED } from "../promises.js";
import type { Promised, Value } from "../value.js";
import { mapSources, NOTHING, withPromise } from "../values.js";
import { whyOpen } from "../write-set.js";
import { inline } from "./inline.js";
import { inputsOf } from "./inputs.js";
import type { Place } from "./place.js";
import { countOf, itemOf, listOf, promiseOfItems } from "./projections.js";
import { repeat } from "./turns.js";
import type { Walk } from "./walk.js";

/** One call that runs a callback for each item. */
export interface MapCall {
  readonly node: CallExpression;
  readonly items: Expression;
  readonly callback: Expression;
  readonly mode: NonNullable<DraftDetail["mode"]>;
  /** What the call gives: a list of results, their items in one list, or nothing. */
  readonly result: "list" | "flat" | "nothing";
  /** True if the call gives a promise that waits for all turns. */
  readonly waits: boolean;
  /** Arguments after the callback, evaluated for what they do. */
  readonly further: readonly Node[];
}

/** Walks the callback for any item and gives the list of its results. */
export function runMap(walk: Walk, call: MapCall, at: Place): Value {
  const { node } = call;
  const site = walk.analysis.sites.get(node);
  const draft = walk.draft(node, "map", at, {
    kind: "map",
    site,
    frames: at.frames,
    detail: { mode: call.mode, text: call.items.getText(), inputs: inputsOf(walk, [call.items], at) },
  });
  const list = walk.evaluate(call.items, at);
  const value = walk.evaluate(call.callback, at);
  for (const argument of call.further) walk.evaluate(argument, at);
  const frames = site ? [...at.frames, site] : at.frames;
  const [only, ...others] = value.functions;
  draft.detail.closed = only
    ? whyOpen(walk.analysis, only.callable)
    : { reason: `\`${call.callback.getText()}\` is not known` };
  if (!only) walk.draft(call.callback, "dynamic", { ...at, parent: draft, arm: undefined, frames }, unresolved(call));
  const opaque = others.length > 0 ? `\`${call.callback.getText()}\` may be one of several functions` : at.opaque;
  const count = countOf(walk, list);
  walk.decide(draft, count);
  let result = NOTHING;
  const drained = repeat(walk, {
    draft,
    mayBeEmpty: true,
    concurrent: call.mode.type === "parallel",
    at: { ...at, frames, opaque, conditions: [...at.conditions, count] },
    turn: (inside) => {
      const args = { known: [itemOf(walk, list, draft), NOTHING, list], rest: NOTHING };
      const results = value.functions.map((closure) =>
        inline(walk, { call: node, closure, self: NOTHING, args }, inside),
      );
      result = results[0] ?? NOTHING;
      for (const other of results.slice(1))
        result = mapSources({ ...other, sources: [...result.sources, ...other.sources] }, (s) => s);
    },
  });
  if (draft.dependent) draft.kind = "loop";
  if (call.result === "nothing") return NOTHING;
  // Turns that each wait for their item wait for all of them together.
  const waited = drained || result.promise?.items.includes(draft);
  const items = waited ? promiseOfItems(walk, list) : undefined;
  const item = call.result === "flat" ? flatten(walk, result) : result;
  const listed = call.result === "flat" ? promiseOfItems(walk, result) : undefined;
  const turn = withPromise(item, all([result.promise, listed, items]));
  const results = listOf(walk, node, at, turn, count);
  return call.waits ? withPromise(results, promiseOfMap(turn.promise)) : results;
}

/** `this.map` settles or aborts the other turns before it rejects. */
function promiseOfMap(promise: Promised | undefined): Promised {
  const { fulfilled = [], failures = [], ...rest } = promise ?? RESOLVED;
  return { ...RESOLVED, ...rest, fulfilled, failures, rejected: fulfilled.map((wait) => ({ ...wait, on: "settled" })) };
}

function flatten(walk: Walk, result: Value): Value {
  return result.refs.length > 0 || result.sources.length > 0 ? itemOf(walk, result, undefined) : result;
}

function unresolved(call: MapCall): Parameters<Walk["draft"]>[3] {
  const reason = `\`${call.callback.getText()}\` is not known`;
  return { kind: "dynamic", detail: { reason, candidates: [], open: true } };
}
