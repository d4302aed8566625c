/**
 * What the edges of a graph ask of a call when it is issued (the conformance of a run).
 *
 *   data, must          the source has settled on that port, in this or an enclosing activation
 *   control             its source has settled, if it is the only one that decides
 *   order               if its source was issued in this activation, it has settled as `on` says; and the source comes first
 *   a group of a race   one member has settled
 *
 * `may` edges without a group ask nothing: the value comes on other paths. Turns of loop statements have no frames, so
 * that within one loop counts stand for turns. A list of no items issues nothing.
 */
import type { DataEdge, GraphEdge, OrderEdge } from "../flow-graph.js";
import { isRepeating, type Relation } from "./graph-rules.js";
import type { Tally, Trace, TracedCall } from "./traced-call.js";
import type { Violation } from "./violation.js";

/** Compares a call that is about to be issued with all edges into and out of it, and notes those that it exercises. */
export function checkEdges(trace: Trace, call: TracedCall): readonly Violation[] {
  const { node } = call;
  const found: Violation[] = [];
  const groups = new Map<string, { readonly edge: GraphEdge; issued: number; settled: number }>();
  const edges = trace.rules.into(node.id);
  for (const edge of edges) {
    const relation = trace.rules.relation(edge.from, node.id);
    if (!relation) continue;
    const sources = tallies(trace, call, edge.from, relation.shared);
    // The exit of a branch was not taken, since the call is here.
    const passed = edge.kind === "control" && trace.rules.index.node(edge.from)?.kind === "branch";
    if (passed || sources.some((tally) => onPort(tally, portOf(edge)) > 0)) trace.exercised.add(edge);
    if (trace.rules.blurred(edge.from)) continue;
    if (edge.kind !== "control" && edge.group !== undefined) {
      const name = JSON.stringify([edge.kind, edge.to, edge.kind === "data" ? edge.param : "", edge.group]);
      const group = groups.get(name) ?? { edge, issued: 0, settled: 0 };
      groups.set(name, group);
      group.issued += sum(sources, "issued");
      group.settled += sum(sources, "result") + sum(sources, "error");
      continue;
    }
    const fault = faultOf(trace, call, { edge, edges, relation, sources });
    if (fault) found.push({ kind: fault, node, edge });
  }
  for (const { edge, issued, settled } of groups.values()) {
    if (issued > 0 && settled === 0) found.push({ kind: "unsettled", node, edge });
  }
  for (const edge of trace.rules.outOf(node.id)) {
    if (isFirm(edge) && !trace.rules.blurred(edge.to) && comesLate(trace, call, edge))
      found.push({ kind: "late", node, edge });
  }
  return found;
}

interface Asked {
  readonly edge: GraphEdge;
  /** All edges into the call. */
  readonly edges: readonly GraphEdge[];
  readonly relation: Relation;
  readonly sources: readonly Tally[];
}

function faultOf(trace: Trace, call: TracedCall, asked: Asked): "absent" | "unsettled" | undefined {
  const { edge } = asked;
  switch (edge.kind) {
    case "data":
      return edge.certainty === "must" ? dataFault(trace, call, { ...asked, edge }) : undefined;
    case "order":
      return edge.certainty === "may" ? undefined : orderFault(trace, { ...asked, edge });
    case "control":
      // An error edge says what leads to a handler; plain code that throws does so too.
      return edge.port === "error" ? undefined : controlFault(asked);
  }
}

function dataFault(
  trace: Trace,
  call: TracedCall,
  { edge, edges, relation, sources }: Asked & { readonly edge: DataEdge },
): "absent" | "unsettled" | undefined {
  const repeated = isRepeated(relation);
  const issued = sum(sources, "issued");
  if (issued === 0) return repeated ? undefined : "absent";
  const twin = edges.some((e) => e.kind === "data" && e.from === edge.from && e.port !== edge.port);
  const settled = sum(sources, "result") + sum(sources, "error");
  // What only chooses does so by its failure, too: the handler's value arrives then.
  const arrived =
    twin || edge.via === "choice" ? settled : sources.reduce((n, tally) => n + onPort(tally, edge.port), 0);
  if (arrived === 0) return "unsettled";
  // What is spread arrives one by one.
  const whole = edge.gather === "all" && edge.entry !== "spread";
  if (!relation.turns) return whole && settled < issued ? "unsettled" : undefined;
  // A choice of one turn may hold for later ones: what a generator goes on to yield.
  if (repeated || edge.via === "choice" || relation.aboveOther.some(isRepeating)) return undefined;
  // Each turn has one of both: the call must not get ahead.
  return arrived > trace.tally(call.node.id, call.frames, relation.shared).issued ? undefined : "unsettled";
}

function controlFault({ edge, edges, relation, sources }: Asked): "absent" | "unsettled" | undefined {
  // Two may be entrants of a race, of which the winner decides: no edge tells.
  if (edges.some((e) => e.kind === "control" && e.to === edge.to && e.from !== edge.from)) return undefined;
  const issued = sum(sources, "issued");
  // What a container decides follows from what flows into it, which has edges of its own.
  const direct = relation.above.length === 0 && sources.length === 1;
  if (issued === 0) return direct && !(edge.kind === "control" && edge.via === "exit") ? "absent" : undefined;
  const settled = sum(sources, "result") + sum(sources, "error");
  if (sources.length > 1 || relation.turns) return settled === 0 && sources.length === 1 ? "unsettled" : undefined;
  return settled < issued ? "unsettled" : undefined;
}

function orderFault(
  trace: Trace,
  { edge, relation, sources }: Asked & { readonly edge: OrderEdge },
): "unsettled" | undefined {
  const leaf = sources.length === 1 && relation.above.length === 0;
  const settledOf = (all: readonly Tally[]): number =>
    sum(all, "result") + (edge.on === "settled" || !leaf ? sum(all, "error") : 0);
  const racing = trace.rules.leaves(edge.from).filter((id) => trace.rules.races(id));
  if (relation.turns || racing.length > 0) {
    if (sum(sources, "issued") > 0 && settledOf(sources) === 0) return "unsettled";
    if (relation.turns) return undefined;
  }
  const calm = sources.filter((_, at) => !racing.includes(trace.rules.leaves(edge.from)[at] ?? ""));
  return settledOf(calm) < sum(calm, "issued") ? "unsettled" : undefined;
}

/** True if each instance of the target comes after all of the source. */
function isFirm(edge: GraphEdge): edge is OrderEdge | DataEdge {
  if (edge.kind === "control" || edge.certainty === "may" || edge.group !== undefined) return false;
  return edge.kind === "order" || (edge.via === "value" && (edge.gather ?? "all") === "all");
}

/** True if the target of such an edge was issued in this activation before the call, which is its source or in it. */
function comesLate(trace: Trace, call: TracedCall, edge: OrderEdge | DataEdge): boolean {
  const relation = trace.rules.relation(edge.from, edge.to);
  if (!relation) return false;
  const targets = sum(tallies(trace, call, edge.to, relation.shared), "issued");
  if (!relation.turns) return targets > 0;
  if (isRepeated(relation) || relation.above.length > 0 || relation.aboveOther.some(isRepeating)) return false;
  // A turn may come to the second arm of a `switch` without the first, and the next to both.
  if (!trace.rules.sharesArm(edge.from, edge.to)) return false;
  const leaf = trace.rules.leaves(edge.from).length === 1 && trace.rules.leaves(edge.to).length === 1;
  return leaf && targets > trace.tally(call.node.id, call.frames, relation.shared).issued;
}

function isRepeated({ above }: Relation): boolean {
  return above.some(isRepeating);
}

function tallies(trace: Trace, call: TracedCall, id: string, shared: number): readonly Tally[] {
  return trace.rules.leaves(id).map((leaf) => trace.tally(leaf, call.frames, shared));
}

function portOf(edge: GraphEdge): "result" | "error" | "either" {
  if (edge.kind === "order") return edge.on === "settled" ? "either" : "result";
  return edge.port;
}

function onPort(tally: Tally, port: "result" | "error" | "either"): number {
  if (port === "either") return tally.result + tally.error;
  return port === "result" ? tally.result : tally.error;
}

function sum(all: readonly Tally[], what: keyof Tally): number {
  return all.reduce((n, tally) => n + tally[what], 0);
}
