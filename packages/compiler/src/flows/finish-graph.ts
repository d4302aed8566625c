/** Turns drafts into the document: drops containers without children, gives ids, decides where edges leave and enter. */
import {
  bug,
  type DataEdge,
  type FlowGraph,
  findCycle,
  GRAPH_VERSION,
  type GraphNode,
  type NodeBase,
} from "@millrace/core";
import { containersOf, type Draft, holds } from "./draft.js";
import type { DraftEdge, DraftGraph } from "./draft-graph.js";

/** The document of a walked flow. @throws MillraceError `internal-bug` if a lifted graph has a cycle. */
export function finishGraph(graph: DraftGraph): FlowGraph {
  const kept = keepUsed(graph.drafts);
  const ids = nameDrafts(kept.drafts);
  const nodes = kept.drafts.map((draft) => toNode(draft, ids, kept.parentOf(draft)));
  const document: FlowGraph = { graphVersion: GRAPH_VERSION, nodes, edges: toEdges(graph.edges, ids) };
  const cycle = findCycle(document);
  if (cycle) throw bug(`the lifted graph of ${cycle.container ?? "the flow"} has a cycle`, { ...cycle });
  return document;
}

const LEAVES: ReadonlySet<GraphNode["kind"]> = new Set([
  "call",
  "subflow",
  "step",
  "sleep",
  "wait",
  "background",
  "dynamic",
]);

interface Kept {
  readonly drafts: readonly Draft[];
  readonly parentOf: (draft: Draft) => { parent: Draft | undefined; arm: string | undefined };
}

/** Containers without a leaf go, as do branches in which nothing depends on the condition. */
function keepUsed(drafts: readonly Draft[]): Kept {
  const used = new Set<Draft>();
  for (const draft of drafts) {
    if (LEAVES.has(draft.kind)) for (const each of [draft, ...containersOf(draft)]) used.add(each);
  }
  const dissolved = new Set(
    drafts.filter(
      (draft) =>
        used.has(draft) &&
        (draft.kind === "branch" || draft.kind === "race") &&
        drafts.every((d) => !used.has(d) || d.parent !== draft || d.arm === "left"),
    ),
  );
  const parentOf = (draft: Draft): { parent: Draft | undefined; arm: string | undefined } => {
    let at = draft;
    while (at.parent && dissolved.has(at.parent)) at = at.parent;
    return { parent: at.parent, arm: at.arm };
  };
  return { drafts: drafts.filter((draft) => used.has(draft) && !dissolved.has(draft)), parentOf };
}

function nameDrafts(drafts: readonly Draft[]): ReadonlyMap<Draft, string> {
  const taken = new Set<string>();
  const ids = new Map<Draft, string>();
  for (const draft of drafts) {
    const label = draft.label ?? draft.kind;
    let id = label;
    for (let n = 2; taken.has(id); n += 1) id = `${label}~${n}`;
    taken.add(id);
    ids.set(draft, id);
  }
  return ids;
}

function toNode(draft: Draft, ids: ReadonlyMap<Draft, string>, place: ReturnType<Kept["parentOf"]>): GraphNode {
  const base: NodeBase = {
    id: idOf(ids, draft),
    ...(place.parent ? { parent: idOf(ids, place.parent) } : {}),
    ...(place.arm === undefined ? {} : { arm: place.arm }),
    span: draft.span,
  };
  const { site, frames, detail, kind } = draft;
  const sited = site === undefined ? {} : { site, frames };
  const { name = "", text = "" } = detail;
  switch (kind) {
    case "call":
      return { ...base, kind, ...must(draft), task: name };
    case "subflow":
      return { ...base, kind, ...must(draft), flow: name };
    case "procedure":
      return { ...base, kind, ...must(draft), name };
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return { ...base, kind, ...must(draft), ...(detail.name === undefined ? {} : { name: detail.name }) };
    case "map":
      return {
        ...base,
        kind,
        ...sited,
        mode: detail.mode ?? { type: "parallel" },
        closed: detail.closed ?? { reason: "the callback is not known" },
        over: text,
      };
    case "loop": {
      const carries = [...draft.carries.values()].map((c) => ({
        from: idOf(ids, c.from),
        to: idOf(ids, c.to),
        param: c.param,
      }));
      carries.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.param, b.param));
      return { ...base, kind, ...sited, text, ...(detail.recursion ? { recursion: true } : {}), carries };
    }
    case "branch":
      return { ...base, kind, condition: text };
    case "try":
    case "race":
      return { ...base, kind };
    case "dynamic": {
      const { reason = "", candidates = [], open } = detail;
      return { ...base, kind, ...sited, reason, candidates, ...(open ? { open } : {}) };
    }
  }
}

function must(draft: Draft): { site: NonNullable<Draft["site"]>; frames: Draft["frames"] } {
  if (draft.site === undefined) throw bug("a node of a running body has no site", { kind: draft.kind });
  return { site: draft.site, frames: draft.frames };
}

function toEdges(edges: readonly DraftEdge[], ids: ReadonlyMap<Draft, string>): readonly DataEdge[] {
  const found = new Map<string, DataEdge>();
  for (const edge of edges) {
    const document = toEdge(edge, ids);
    const { certainty, ...rest } = document;
    const key = JSON.stringify(rest);
    const known = found.get(key);
    found.set(key, known?.certainty === "must" ? known : document);
    if (known && certainty === "must") found.set(key, document);
  }
  return [...found.entries()]
    .sort(
      ([k, a], [l, b]) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.param, b.param) || compare(k, l),
    )
    .map(([, edge]) => edge);
}

function toEdge({ source, to, param, inList }: DraftEdge, ids: ReadonlyMap<Draft, string>): DataEdge {
  const repeats = (draft: Draft): boolean => draft.kind === "map" || draft.kind === "loop";
  const left = containersOf(source.node).filter((c) => repeats(c) && !holds(c, to));
  const entered = containersOf(to).filter((c) => repeats(c) && !holds(c, source.node));
  const path = source.path.join(".").replace(/(^|\.)\*(\.\*)*$/, "");
  return {
    from: idOf(ids, source.node),
    to: idOf(ids, to),
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
    ...(source.group ? { group: ids.get(source.group) ?? "race" } : {}),
  };
}

function idOf(ids: ReadonlyMap<Draft, string>, draft: Draft): string {
  const id = ids.get(draft);
  if (id === undefined) throw bug("an edge ends at a node that is not in the graph", { kind: draft.kind });
  return id;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
