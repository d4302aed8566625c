/** Flows of any shape for fast-check: nested containers of all kinds, arms, and all kinds of edges, from earlier to later nodes. */
import type { FlowEntry, FlowGraph, GraphEdge, GraphNode, Site } from "@millrace/core";
import fc from "fast-check";

const span = { file: "src/x.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };
const sited = (id: string): { site: Site; frames: readonly Site[] } => ({ site: `F.run#${id}` as Site, frames: [] });
const CONTAINERS = ["map", "loop", "branch", "try", "race", "procedure"] as const;
const LEAVES = ["call", "subflow", "step", "dynamic"] as const;

/** A flow with this graph, and nothing else worth seeing. */
export function flowOf(graph: Pick<FlowGraph, "nodes" | "edges">, id = "Sample"): FlowEntry {
  return {
    id,
    kind: "flow",
    className: "Sample",
    source: "src/x.ts",
    module: "src/x.js",
    exportName: "Sample",
    span,
    params: [],
    paramsSchema: {},
    result: { schema: {}, text: "void" },
    options: {},
    fingerprint: { algorithm: "modules", hash: "", modules: {}, packages: {} },
    graph: { graphVersion: 1, ...graph },
  };
}

/** A node of a kind with an id. */
export function nodeOf(kind: GraphNode["kind"], id: string, place: { parent?: string; arm?: string } = {}): GraphNode {
  const base = { id, span, ...place };
  switch (kind) {
    case "call":
      return { kind, task: id, ...sited(id), ...base };
    case "subflow":
      return { kind, flow: id, ...sited(id), ...base };
    case "map":
      return { kind, mode: { type: "parallel" }, closed: true, over: `${id}.items`, ...base };
    case "loop":
      return { kind, text: `while (${id})`, carries: [], ...base };
    case "branch":
      return { kind, condition: `${id} > 0`, ...base };
    case "try":
    case "race":
      return { kind, ...base };
    case "procedure":
      return { kind, name: id, ...sited(id), ...base };
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return { kind, name: id, ...sited(id), ...base };
    case "dynamic":
      return { kind, reason: `${id} is a value`, candidates: [id], ...base };
  }
}

/** A data edge as it is mostly. */
export function dataEdge(from: string, to: string, param: string): GraphEdge {
  return { kind: "data", from, to, param, port: "result", derivation: "direct", certainty: "must", via: "value" };
}

const draft = fc.record({
  kind: fc.constantFrom(...LEAVES, ...CONTAINERS),
  /** Which of the open containers it stands in. */
  depth: fc.nat({ max: 3 }),
  arm: fc.nat({ max: 2 }),
  name: fc.string({ maxLength: 40, unit: "grapheme" }),
});
const link = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  kind: fc.constantFrom("data", "control", "order" as const),
  param: fc.string({ maxLength: 30 }),
});

/** Any flow. */
export const anyFlow: fc.Arbitrary<FlowEntry> = fc
  .tuple(fc.array(draft, { minLength: 1, maxLength: 24 }), fc.array(link, { maxLength: 30 }))
  .map(([drafts, links]) => {
    const nodes: GraphNode[] = [];
    const open: GraphNode[] = [];
    for (const [i, { kind, depth, arm, name }] of drafts.entries()) {
      open.splice(depth);
      const parent = open.at(-1);
      const inArm = parent && ["branch", "try", "race"].includes(parent.kind);
      const place = parent ? { parent: parent.id, ...(inArm ? { arm: `${arm}` } : {}) } : {};
      const node = nodeOf(kind, `${name}#${i}`, place);
      nodes.push(node);
      if (CONTAINERS.some((container) => container === kind)) open.push(node);
    }
    const edges = links.flatMap(({ from, to, kind, param }): GraphEdge[] => {
      const [first, second] = [from % nodes.length, to % nodes.length].sort((a, b) => a - b);
      const [source, target] = [nodes[first ?? 0]?.id ?? "", nodes[second ?? 0]?.id ?? ""];
      if (source === target) return [];
      if (kind === "data") return [dataEdge(source, target, param)];
      if (kind === "control") return [{ kind, from: source, to: target, port: "result" }];
      return [{ kind, from: source, to: target, on: "success" }];
    });
    return flowOf({ nodes, edges });
  });
