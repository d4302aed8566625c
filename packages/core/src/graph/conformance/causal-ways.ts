/**
 * Ways by which an outcome brings about a call at once. Nothing is delivered in between, so that a way leads through what
 * was passed over: it cannot lead through a step that waited for that outcome and has been issued before.
 */
import type { GraphEdge } from "../flow-graph.js";
import type { LiftedEdge } from "../lift.js";
import type { GraphRules } from "./graph-rules.js";
import type { Cause, TracedCall } from "./traced-call.js";

/** True if a way leads from an outcome to a call, or plain code may that throws. `issued`: whether a step has been issued in the activation of both. */
export function hasCausalWay(
  rules: GraphRules,
  { call, cause, issued }: { readonly call: TracedCall; readonly cause: Cause; issued(leaf: string): boolean },
): boolean {
  const { next, from, to } = rules.level(cause.node.id, call.node.id);
  const own = rules.chain(cause.node.id);
  const handling = rules.handles(cause.node.id, call.node.id);
  if (handling && cause.port === "result") return true;
  // A failure leads to a handler by an edge of its own.
  const handles = (edge: GraphEdge): boolean => edge.kind === "control" && edge.port === "error";
  const leads = (at: string, lifted: LiftedEdge): boolean => {
    // Nothing follows from what does not always hold but for its own ends; an error arrives where control has led.
    const tells = (edge: GraphEdge): boolean => (!isWeak(edge) || own.includes(edge.from)) && !bringsError(rules, edge);
    const edges = lifted.edges.filter((edge) => at !== from || tells(edge));
    if (handling && at === from && rules.index.node(lifted.to)?.arm === "catch") return edges.some(handles);
    return edges.length > 0;
  };
  const passable = (at: string, lifted: LiftedEdge): boolean => {
    if (handling && rules.index.node(lifted.to)?.arm === "try") return false;
    const waits = lifted.edges.every((edge) => makesWait(edge) && (at !== from || own.includes(edge.from)));
    return !waits || !rules.leaves(lifted.to).every(issued);
  };
  const seen = new Set<string>();
  const queue = [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const lifted of next.get(at) ?? []) {
      if (seen.has(lifted.to) || !leads(at, lifted)) continue;
      if (lifted.to === to) return true;
      if (!passable(at, lifted)) continue;
      seen.add(lifted.to);
      queue.push(lifted.to);
    }
  }
  return false;
}

function bringsError(rules: GraphRules, edge: GraphEdge): boolean {
  if (edge.kind !== "data" || edge.port !== "error") return false;
  return rules.chain(edge.to).some((id) => rules.index.node(id)?.arm === "catch");
}

function isWeak(edge: GraphEdge): boolean {
  return edge.kind === "order" && edge.certainty === "may";
}

/** True if the target, once issued, had its reason before: a decision may have several, and so may a value. */
function makesWait(edge: GraphEdge): boolean {
  return edge.kind === "order" || (edge.kind === "data" && edge.certainty === "must");
}
