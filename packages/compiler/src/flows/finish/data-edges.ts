/** Where values run, and how they leave and enter maps and loops. */
import type { DataEdge } from "@millrace/core";
import { containersOf, type Draft, holds } from "../draft.js";
import type { DraftEdge } from "../draft-graph.js";
import type { NodeTree } from "./node-tree.js";

/** Data edges: the same value by the same road is one edge, and a `must` wins over a `may`. */
export function dataEdges(edges: readonly DraftEdge[], tree: NodeTree): readonly DataEdge[] {
  const found = new Map<string, DataEdge>();
  for (const edge of edges) {
    const document = toEdge(edge, tree);
    const { certainty, ...rest } = document;
    const key = JSON.stringify(rest);
    const known = found.get(key);
    found.set(key, known?.certainty === "must" ? known : document);
    if (known && certainty === "must") found.set(key, document);
  }
  return [...found.values()];
}

function toEdge({ source, to, param, inList }: DraftEdge, tree: NodeTree): DataEdge {
  const repeats = (draft: Draft): boolean => draft.kind === "map" || draft.kind === "loop";
  const left = containersOf(source.node).filter((c) => repeats(c) && !holds(c, to));
  const entered = containersOf(to).filter((c) => repeats(c) && !holds(c, source.node));
  const path = source.path.join(".").replace(/(^|\.)\*(\.\*)*$/, "");
  return {
    from: tree.idOf(source.node),
    to: tree.idOf(to),
    kind: "data",
    param,
    port: source.port,
    ...(path === "" ? {} : { path }),
    derivation: source.derivation,
    certainty: source.certainty,
    via: source.via,
    ...(left.length === 0 ? {} : { gather: source.gather ?? (inList ? "all" : "last") }),
    ...(entered.length === 0
      ? {}
      : { entry: entered.some((c) => source.spread.includes(c)) ? ("spread" as const) : ("broadcast" as const) }),
    ...(source.group ? { group: tree.has(source.group) ? tree.idOf(source.group) : "race" } : {}),
  };
}
