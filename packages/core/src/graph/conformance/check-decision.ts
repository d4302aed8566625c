/** Which steps decide whether a call comes: those from which control leads to it, to what holds it, or to what it comes behind. */
import type { GraphNode } from "../flow-graph.js";
import type { CourseEvent } from "./body-course.js";
import { passesBefore } from "./check-cause.js";
import type { GraphRules } from "./graph-rules.js";
import type { Cause, TracedCall } from "./traced-call.js";

interface Decision {
  readonly call: TracedCall;
  /** Outcomes of which one must decide. */
  readonly deciders: readonly Cause[];
  /** What happened before the decision. */
  readonly before: readonly CourseEvent[];
}

/** True if one of some outcomes may decide whether a call comes, or if the graph does not say what does. */
export function leadsToCall(rules: GraphRules, { call, deciders, before }: Decision): boolean {
  const { node } = call;
  const unknown = (at: GraphNode): boolean => at.kind === "dynamic" || rules.blurred(at.id);
  if (isSilent(rules, node) || unknown(node) || deciders.some((d) => unknown(d.node))) return true;
  const issued = new Set(before.flatMap((event) => (event.kind === "issue" ? [event.call.node.id] : [])));
  return deciders.some(
    (outcome) =>
      isNextTurn(rules, outcome.node, { node, before }) || controls(rules, outcome.node.id, { node, issued }),
  );
}

/** Plain code that throws leads to a handler, and what loses a race is not waited for, without an edge. */
function isSilent(rules: GraphRules, node: GraphNode): boolean {
  if (node.kind === "dynamic" || rules.races(node.id)) return true;
  const holders = rules.chain(node.id);
  return holders.some((id) => {
    if (rules.index.node(id)?.kind === "try") return true;
    return id !== node.id && rules.outOf(id).some((e) => e.kind === "order" && e.from === id && e.on === "settled");
  });
}

/** The test of a loop, and what leaves it, decide about its turns without an edge. */
function isNextTurn(
  rules: GraphRules,
  from: GraphNode,
  { node, before }: { readonly node: GraphNode; readonly before: readonly CourseEvent[] },
): boolean {
  const loops = rules.chain(node.id).filter((id) => rules.index.node(id)?.kind === "loop");
  if (!loops.some((id) => rules.chain(from.id).includes(id))) return false;
  const relation = rules.relation(from.id, node.id);
  if (!relation || !passesBefore(rules, { from: from.id, to: node.id, relation })) return true;
  const of = before.filter((event) => (event.kind === "issue" ? event.call : event.outcome).node === from);
  return of.filter(({ kind }) => kind === "issue").length > of.length / 2;
}

function controls(
  rules: GraphRules,
  from: string,
  { node, issued }: { readonly node: GraphNode; readonly issued: ReadonlySet<string> },
): boolean {
  const goals = rules.chain(node.id);
  const seen = new Set<string>();
  const queue = [...rules.chain(from)];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const edge of rules.leaving(at)) {
      if (edge.kind !== "control") continue;
      if (goals.includes(edge.to)) return true;
      // What stands between is decided with it, unless it was there before.
      const fresh = !rules.leaves(edge.to).some((leaf) => issued.has(leaf));
      if ((fresh || rules.relation(edge.to, node.id)?.turns) && rules.hasWay(edge.to, node.id)) return true;
      queue.push(edge.to);
    }
  }
  return false;
}
