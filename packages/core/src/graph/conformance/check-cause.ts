/**
 * Why a call was issued. A body gets one outcome at a time; what it issues before the next is the effect of that outcome,
 * so a way must lead from the one to the other. This finds edges that are missing.
 */
import type { GraphNode } from "../flow-graph.js";
import { hasCausalWay } from "./causal-ways.js";
import { type GraphRules, isRepeating, type Relation } from "./graph-rules.js";
import type { Cause, Trace, TracedCall } from "./traced-call.js";
import type { Violation } from "./violation.js";

/** Compares a call with what it goes on from. */
export function checkCause(trace: Trace, call: TracedCall, cause: Cause): readonly Violation[] {
  const { rules } = trace;
  const [from, to] = [cause.node.id, call.node.id];
  const wayless: readonly Violation[] = [{ kind: "wayless", node: call.node, cause: cause.node }];
  if (rules.blurred(from) || rules.blurred(to)) return [];
  // One turn may lead to the next, and a bounded map begins an item when another ends.
  if (from === to) return rules.repeats(to) ? [] : wayless;
  const relation = rules.relation(from, to);
  if (!relation) return [];
  for (let at = 0; at < relation.shared; at += 1) if (call.frames[at] !== cause.frames[at]) return [];
  if (relation.turns) {
    const way = rules.hasWay(from, to) || (cause.port === "result" && rules.handles(from, to));
    return inOneTurn(trace, call, cause, relation) && !way ? wayless : [];
  }
  const issued = (leaf: string): boolean => trace.tally(leaf, call.frames, relation.shared).issued > 0;
  return hasCausalWay(rules, { call, cause, issued }) ? [] : wayless;
}

/** True if both stand in the same turn of a loop statement, whose turns have no frames: nothing of the cause has begun since. */
function inOneTurn(trace: Trace, call: TracedCall, cause: Cause, relation: Relation): boolean {
  if (!passesBefore(trace.rules, { from: cause.node.id, to: call.node.id, relation })) return false;
  const { issued, result, error } = trace.tally(cause.node.id, call.frames, relation.shared);
  return issued === result + error;
}

/** True if each turn that comes to the second node has passed the first. */
export function passesBefore(
  rules: GraphRules,
  { from, to, relation }: { readonly from: string; readonly to: string; readonly relation: Relation },
): boolean {
  const always = (node: GraphNode): boolean => node.kind === "procedure" && node.merged === undefined;
  if (!relation.above.every(always) || relation.aboveOther.some(isRepeating)) return false;
  return rules.sharesArm(from, to) && rules.comesBefore(from, to);
}
