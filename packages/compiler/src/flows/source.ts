/** Where a value comes from: the outcome of a step, whole or in part. */
import type { Draft } from "./draft.js";

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
