/**
 * Abstract values: which step outcomes a value derives from, and what it is made of. A promise is the value that it
 * resolves to, with what an `await` of it waits for. Pure algebra; the walk decides when to apply it.
 */
import { all, eitherPromise, unsure } from "./promises.js";
import { keyOf, may, type Source } from "./source.js";
import type { Steps } from "./steps.js";
import type { Promised, Value } from "./value.js";

/** A value that no step has a part in. */
export const NOTHING: Value = { sources: [], refs: [], mayRefs: [], functions: [], self: false };

/** The flow instance. */
export const SELF: Value = { ...NOTHING, self: true };

/** A value that is exactly these outcomes. */
export function ofSources(sources: readonly Source[]): Value {
  return sources.length === 0 ? NOTHING : { ...NOTHING, sources: merge(sources, strongest) };
}

/** All of them have a part in the value, as in `a + b`. */
export function union(values: readonly Value[]): Value {
  const parts = values.filter((v) => v !== NOTHING);
  if (parts.length <= 1) return parts[0] ?? NOTHING;
  const sources = merge(
    parts.flatMap((v) => v.sources),
    strongest,
  );
  return withPromise(combine(parts, sources), all(parts.map((v) => v.promise)));
}

/** Steps issued on the ways to two values. */
export interface Issued {
  readonly a: Steps;
  readonly b: Steps;
}

/** One of two arrives, as after `if`: what only one of them has is a `may`. */
export function join(a: Value, b: Value, issued?: Issued): Value {
  if (a === b) return a;
  // The same outcome of an earlier turn is the same outcome: it arrives on both paths.
  const sameTurn = (s: Source): string => keyOf({ ...s, carried: [] });
  const inA = new Set(a.sources.map(sameTurn));
  const inB = new Set(b.sources.map(sameTurn));
  const weaken = (s: Source, other: ReadonlySet<string>): Source => (other.has(sameTurn(s)) ? s : may(s));
  const sources = [...a.sources.map((s) => weaken(s, inB)), ...b.sources.map((s) => weaken(s, inA))];
  const sure = a.refs.filter((ref) => b.refs.includes(ref) && !a.mayRefs.includes(ref) && !b.mayRefs.includes(ref));
  const joined = combine([a, b], merge(sources, weakest));
  return withPromise(
    { ...joined, mayRefs: joined.refs.filter((ref) => !sure.includes(ref)) },
    eitherPromise(a.promise, b.promise, issued?.a, issued?.b),
  );
}

/** Any one of them arrives. */
export function joinAll(values: readonly Value[]): Value {
  const [first = NOTHING, ...others] = values;
  return others.reduce((a, b) => join(a, b), first);
}

/** The value as it is on some paths only. */
export function mayBe(value: Value): Value {
  const promise = value.promise && unsure(value.promise, () => true);
  return withPromise({ ...mapSources(value, may), mayRefs: value.refs }, promise);
}

/** The value as a promise, or no longer as one. */
export function withPromise(value: Value, promise: Promised | undefined): Value {
  return value.promise === promise ? value : { ...value, promise };
}

/** Rewrites each source of a value; containers and functions stay. */
export function mapSources(value: Value, change: (source: Source) => Source): Value {
  if (value.sources.length === 0) return value;
  const sources = value.sources.map(change);
  return sources.every((s, i) => s === value.sources[i]) ? value : { ...value, sources: merge(sources, strongest) };
}

/** Adds sources to a value. */
export function withSources(value: Value, sources: readonly Source[]): Value {
  return sources.length === 0 ? value : { ...value, sources: merge([...value.sources, ...sources], strongest) };
}

const strongest = (a: Source, b: Source): Source => (a.certainty === "must" ? a : b);
const weakest = (a: Source, b: Source): Source => (a.certainty === "may" ? a : b);

function merge(sources: readonly Source[], pick: (a: Source, b: Source) => Source): readonly Source[] {
  const found = new Map<string, Source>();
  for (const source of sources) {
    const key = keyOf(source);
    const known = found.get(key);
    found.set(key, known ? pick(known, source) : source);
  }
  return [...found.values()];
}

function generatorsOf(values: readonly Value[]): Value["generators"] {
  const all = values.flatMap((v) => v.generators ?? []);
  if (all.length === 0) return undefined;
  return [...new Map(all.map((g) => [`${g.closure.scope.id}:${g.closure.callable.getPos()}`, g])).values()];
}

function combine(values: readonly Value[], sources: readonly Source[]): Value {
  const [first] = values;
  const functions = new Map(values.flatMap((v) => v.functions).map((f) => [`${f.scope.id}:${f.callable.getPos()}`, f]));
  return {
    sources,
    refs: [...new Set(values.flatMap((v) => v.refs))],
    mayRefs: [...new Set(values.flatMap((v) => v.mayRefs))],
    functions: [...functions.values()],
    self: values.some((v) => v.self),
    generators: generatorsOf(values),
    instanceOf: values.every((v) => v.instanceOf === first?.instanceOf) ? first?.instanceOf : undefined,
    names: values.every((v) => v.names === first?.names) ? first?.names : undefined,
  };
}
