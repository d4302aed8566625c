/**
 * Check `impure-flow-body`: clock, random, environment, timers and I/O in a flow body or in code that it runs: helpers,
 * constructors and getters. Functions given to `step` and the code of tasks are the right places for those, and are not looked into.
 */
import { Node, ts } from "ts-morph";
import type { Declared } from "../project/declared.js";
import type { Analysis } from "./analysis.js";
import { type Impurity, impureImport, impurityOf, mayBeImpure } from "./impure-symbols.js";
import { nameInBody } from "./name-in-body.js";
import { relatedWay, type Way, walkRunningCode } from "./running-code.js";

/** Looks through the body of a flow and reports what it finds. Gives the places. */
export function checkPurity(analysis: Analysis, flow: Declared): ReadonlySet<Node> {
  const { model, callables, reach } = analysis;
  const impure = new Set<Node>();
  walkRunningCode({
    model,
    callables,
    owner: flow,
    wants: (node) => ts.isCallExpression(node) || (ts.isIdentifier(node) && mayBeImpure(node)),
    see(node, way) {
      if (Node.isIdentifier(node)) judge(node, impurityOf(node, model), way);
      if (!Node.isCallExpression(node)) return undefined;
      judge(node, impureImport(node), way);
      return reach.calls.get(node)?.method === "step" ? "leave" : undefined;
    },
  });
  return impure;

  function judge(node: Node, impurity: Impurity | undefined, way: Way): void {
    if (!impurity) return;
    impure.add(node);
    const where = way.length === 0 ? "in the body of" : "in code that is run by";
    analysis.report({
      code: "impure-flow-body",
      severity: "error",
      message: `\`${impurity.what}\` ${where} flow ${flow.className} would give something else when the run is resumed.`,
      span: model.spanOf(node),
      related: relatedWay(model, flow, way),
      hint: impurity.hint.replaceAll("{flow}", nameInBody(callables, flow)),
      data: { flow: flow.id, uses: impurity.what },
    });
  }
}
