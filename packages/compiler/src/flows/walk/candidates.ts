/** Tasks and flows that a function may call, by the static call graph: what a cut-off call still may be. */
import { Node, SyntaxKind } from "ts-morph";
import type { Analysis } from "../analysis.js";
import type { Callable } from "../callables.js";

/** Ids, sorted. */
export function candidatesOf(analysis: Pick<Analysis, "reach" | "callables">, callable: Callable): readonly string[] {
  const ids = new Set<string>();
  const seen = new Set<Callable>();
  const visit = (at: Callable): void => {
    if (seen.has(at)) return;
    seen.add(at);
    for (const node of at.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      for (const declared of analysis.reach.calls.get(node)?.target?.candidates ?? []) ids.add(declared.id);
      analysis.callables.ofCall(node).filter(analysis.reach.reaches).forEach(visit);
    }
    for (const [node, targets] of analysis.reach.procedures) {
      if (!Node.isCallExpression(node) && node.getAncestors().includes(at)) targets.forEach(visit);
    }
  };
  visit(callable);
  return [...ids].sort();
}
