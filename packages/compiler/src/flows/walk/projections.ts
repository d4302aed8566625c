/** Reading a part of a value: a property, an item, all items of an iteration. */
import type { Draft } from "../draft.js";
import { all, foreignPart, RESOLVED, unsure } from "../promises.js";
import { derived, type Source } from "../source.js";
import { type Cell, mergeCounts } from "../state.js";
import type { Promised, Value } from "../value.js";
import { join, joinAll, mapSources, mayBe, NOTHING, ofSources, union, withPromise, withSources } from "../values.js";
import type { Walk } from "./walk.js";

/** Longest projection that is followed; longer ones, as of linked lists in loops, count as derived. */
const MAX_PATH = 8;

/** A property of a value. `name` undefined: not known which. */
export function project(walk: Walk, value: Value, name: string | undefined): Value {
  const parts: Value[] = [];
  if (value.self && name !== undefined) parts.push(fieldOf(walk, name));
  for (const id of value.refs) {
    const cell = walk.state.cells.get(id);
    if (!cell) continue;
    const part = propertyOf(cell, name);
    parts.push(value.mayRefs.includes(id) ? mayBe(part) : part);
  }
  const whole = joinAll(parts);
  return withSources(
    whole,
    value.sources.map((s) => step(s, name ?? "*")),
  );
}

/** Items of a list as one turn of `container` sees them. */
export function itemOf(walk: Walk, list: Value, container: Draft | undefined): Value {
  const parts: Value[] = [];
  for (const id of list.refs) {
    const cell = walk.state.cells.get(id);
    if (!cell) continue;
    const rest = mapSources(cell.rest, (s) => ({ ...s, gather: s.gather ?? "all" }));
    const known = [...cell.props.values()];
    const empty = known.length > 0 && rest === NOTHING;
    const part = joinAll(empty ? known : [rest, ...known]);
    parts.push(list.mayRefs.includes(id) ? mayBe(part) : part);
  }
  const inside = joinAll(parts);
  const item = withSources(
    inside,
    list.sources.map((s) => step(s, "*")),
  );
  const one = mapSources(item, (s) => (container ? { ...s, spread: [...s.spread, container] } : s));
  // It is one of several: whoever waits for it waits for one instance.
  const promise = one.promise && { ...unsure(one.promise, () => true), items: container ? [container] : [] };
  return withPromise(one, all([promise, foreignPart(list.promise)]));
}

/** Any item of a list, for a list that has all of them. */
export function itemsOf(walk: Walk, list: Value): Value {
  return withPromise(itemOf(walk, list, undefined), promiseOfItems(walk, list));
}

/** All items of a list, as what `Promise.all` waits for. */
export function promiseOfItems(walk: Walk, list: Value): Promised | undefined {
  const promises = list.refs.flatMap((id) => {
    const cell = walk.state.cells.get(id);
    if (!cell) return [];
    const rest = cell.rest.promise && [cell.rest.promise, { ...RESOLVED, failures: cell.rest.promise.failures }];
    const items = all([...[...cell.props.values()].map((v) => v.promise), ...(rest ?? [])]);
    return items ? [list.mayRefs.includes(id) ? unsure(items, () => true) : items] : [];
  });
  return all([...promises, foreignPart(list.promise)]);
}

/** What decides how many items a list has. */
export function countOf(walk: Walk, list: Value): readonly Source[] {
  return mergeCounts(list.sources, ...list.refs.map((id) => walk.state.cells.get(id)?.count ?? []));
}

/** Items of a list that go into another list, all of them. */
export function allItemsOf(walk: Walk, list: Value): Value {
  const cells = list.refs.flatMap((id) => {
    const cell = walk.state.cells.get(id);
    const items = cell ? union([...cell.props.values(), cell.rest]) : NOTHING;
    return [list.mayRefs.includes(id) ? mayBe(items) : items];
  });
  const whole = list.sources.map((s) => step(s, "*"));
  return withSources(union(cells), whole);
}

/** A list of which every item is `item`. */
export function listOf(
  walk: Walk,
  source: Parameters<Walk["allocate"]>[0],
  at: Parameters<Walk["allocate"]>[1],
  item: Value,
  count: readonly Source[],
): Value {
  return walk.allocate(source, at, { list: true, props: new Map(), rest: item, count });
}

function propertyOf(cell: Cell, name: string | undefined): Value {
  const own = name === undefined ? undefined : cell.props.get(name);
  if (own) return own;
  if (cell.list && (name === "length" || name === "size")) return ofSources(derived(cell.count));
  // Other names on a list are its methods.
  if (cell.list && name !== undefined && !/^-?\d+$/.test(name)) return NOTHING;
  const rest = mapSources(cell.rest, (s) => ({ ...s, gather: "some" }));
  // Any of the known ones may be meant, too.
  return name === undefined ? joinAll([rest, ...cell.props.values()]) : rest;
}

function fieldOf(walk: Walk, name: string): Value {
  const known = walk.state.slots.get(`this.${name}`);
  const any = walk.state.slots.get("this.*");
  if (known || any) return known && any ? join(known, any) : (known ?? any ?? NOTHING);
  const method = walk.analysis.callables.memberOf(walk.flow, name);
  return method ? { ...NOTHING, functions: [{ callable: method, scope: walk.selfScope }] } : NOTHING;
}

function step(source: Source, name: string): Source {
  if (source.derivation === "derived") return source;
  if (source.path.length >= MAX_PATH) return { ...source, derivation: "derived", path: [] };
  return { ...source, path: [...source.path, name] };
}
