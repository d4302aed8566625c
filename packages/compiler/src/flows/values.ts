/**
 * Abstract values: which step outcomes a value derives from, and what it is made of. Promises stand for what they
 * resolve to. Pure algebra; the walk decides when to apply it.
 */
import type { ClassDeclaration } from "ts-morph";
import type { Declared } from "../project/declared.js";
import type { Callable } from "./callables.js";
import type { Draft } from "./draft.js";
import type { Scope } from "./scope.js";

/** One step outcome in a value. */
export interface Source {
  readonly node: Draft;
  readonly port: "result" | "error";
  /** Projection of the outcome, `*` for any item of a list. Empty when derived. */
  readonly path: readonly string[];
  readonly derivation: "direct" | "derived";
  readonly certainty: "must" | "may";
  readonly via: "value" | "choice";
  /** Which instances arrive once the value leaves a map or loop; undefined: not decided yet. */
  readonly gather: "all" | "some" | undefined;
  /** Maps and loops whose item this is. */
  readonly spread: readonly Draft[];
  /** Loops over whose back edge the value came. */
  readonly carried: readonly Draft[];
  /** The race that it won. */
  readonly group: Draft | undefined;
}

/** A function with the variables it sees. */
export interface Closure {
  readonly callable: Callable;
  readonly scope: Scope<Value>;
}

/** What the analysis knows of a value. */
export interface Value {
  readonly sources: readonly Source[];
  /** Objects and lists that it may be (state.ts). */
  readonly refs: readonly number[];
  /** Those of them that it is on some paths only. */
  readonly mayRefs: readonly number[];
  readonly functions: readonly Closure[];
  /** It may be the flow itself. */
  readonly self: boolean;
  /** Class whose instance it is, if exactly known. */
  readonly instanceOf?: ClassDeclaration | undefined;
  /** Task or flow class that it names. */
  readonly names?: Declared | undefined;
}

/** A value that no step has a part in. */
export const NOTHING: Value = { sources: [], refs: [], mayRefs: [], functions: [], self: false };

/** The flow instance. */
export const SELF: Value = { ...NOTHING, self: true };

/** A value that is exactly these outcomes. */
export function ofSources(sources: readonly Source[]): Value {
  return sources.length === 0 ? NOTHING : { ...NOTHING, sources: merge(sources, strongest) };
}

/** The outcome of a step. */
export function outcome(node: Draft, port: "result" | "error" = "result"): Source {
  return {
    node,
    port,
    path: [],
    derivation: "direct",
    certainty: "must",
    via: "value",
    gather: undefined,
    spread: [],
    carried: [],
    group: undefined,
  };
}

/** All of them have a part in the value, as in `a + b`. */
export function union(values: readonly Value[]): Value {
  const parts = values.filter((v) => v !== NOTHING);
  if (parts.length <= 1) return parts[0] ?? NOTHING;
  return combine(
    parts,
    merge(
      parts.flatMap((v) => v.sources),
      strongest,
    ),
  );
}

/** One of two arrives, as after `if`: what only one of them has is a `may`. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  // The same outcome of an earlier turn is the same outcome: it arrives on both paths.
  const sameTurn = (s: Source): string => keyOf({ ...s, carried: [] });
  const inA = new Set(a.sources.map(sameTurn));
  const inB = new Set(b.sources.map(sameTurn));
  const weaken = (s: Source, other: ReadonlySet<string>): Source => (other.has(sameTurn(s)) ? s : may(s));
  const all = [...a.sources.map((s) => weaken(s, inB)), ...b.sources.map((s) => weaken(s, inA))];
  const sure = a.refs.filter((ref) => b.refs.includes(ref) && !a.mayRefs.includes(ref) && !b.mayRefs.includes(ref));
  const joined = combine([a, b], merge(all, weakest));
  return { ...joined, mayRefs: joined.refs.filter((ref) => !sure.includes(ref)) };
}

/** The sources as of something computed from them. */
export function derived(sources: readonly Source[]): readonly Source[] {
  return sources.map((s) => (s.derivation === "derived" ? s : { ...s, derivation: "derived" as const, path: [] }));
}

/** The sources as of a condition that chose the value. */
export function choice(sources: readonly Source[]): readonly Source[] {
  return derived(sources).map((s) => (s.via === "choice" ? s : { ...s, via: "choice" as const }));
}

/** A source that arrives on some paths only. */
export function may(source: Source): Source {
  return source.certainty === "may" ? source : { ...source, certainty: "may" };
}

/** The value as it is on some paths only. */
export function mayBe(value: Value): Value {
  return { ...mapSources(value, may), mayRefs: value.refs };
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

/** Equal for sources that differ in certainty alone. */
export function keyOf(s: Source): string {
  const ids = (drafts: readonly Draft[]): string => drafts.map((d) => d.index).join(",");
  return [
    s.node.index,
    s.port,
    s.path.join("."),
    s.derivation,
    s.via,
    s.gather ?? "",
    ids(s.spread),
    ids(s.carried),
    s.group?.index ?? "",
  ].join("|");
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

function combine(values: readonly Value[], sources: readonly Source[]): Value {
  const [first] = values;
  const functions = new Map(values.flatMap((v) => v.functions).map((f) => [`${f.scope.id}:${f.callable.getPos()}`, f]));
  return {
    sources,
    refs: [...new Set(values.flatMap((v) => v.refs))],
    mayRefs: [...new Set(values.flatMap((v) => v.mayRefs))],
    functions: [...functions.values()],
    self: values.some((v) => v.self),
    instanceOf: values.every((v) => v.instanceOf === first?.instanceOf) ? first?.instanceOf : undefined,
    names: values.every((v) => v.names === first?.names) ? first?.names : undefined,
  };
}
