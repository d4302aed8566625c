/**
 * Why a call was issued. A body gets one outcome at a time; what it issues before the next is the effect of that outcome,
 * so a way must lead from the one to the other. This finds edges that are missing.
 */
import type { GraphRules } from "./graph-rules.js";
import type { TracedCall } from "./traced-call.js";
import type { Violation } from "./violation.js";

/** Compares a call with what it goes on from. */
export function checkCause(rules: GraphRules, call: TracedCall, cause: TracedCall): readonly Violation[] {
  const [from, to] = [cause.node.id, call.node.id];
  // One turn may lead to the next, and a bounded map begins an item when another ends.
  if (from === to) return rules.repeats(to) ? [] : [{ kind: "wayless", node: call.node, cause: cause.node }];
  const relation = rules.relation(from, to);
  if (!relation || relation.turns || rules.hasWay(from, to)) return [];
  for (let at = 0; at < relation.shared; at += 1) if (call.frames[at] !== cause.frames[at]) return [];
  return [{ kind: "wayless", node: call.node, cause: cause.node }];
}
