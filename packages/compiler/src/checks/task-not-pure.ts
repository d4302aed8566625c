/** Checks that what is declared pure reads nothing but its parameters: else a record would be given where it does not hold. */
import { Node, ts } from "ts-morph";
import { type Impurity, impureImport, impurityOf, mayBeImpure } from "../flows/impure-symbols.js";
import { leadText, walkRunningCode } from "../flows/running-code.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check, CheckFacts, Report } from "./check.js";

/** What measures and waits, but seldom gives a result. */
const HARMLESS = /^(performance\.|process\.(hrtime|uptime)$|set(Timeout|Interval|Immediate)$|(node:)?timers)/;

/** `task-not-pure`. */
export const taskNotPure: Check = (all, report) => {
  for (const fact of all.facts) {
    const option = fact.declared.kind === "task" && fact.options.value.pure === true && fact.options.nodes.get("pure");
    if (option) checkTask({ fact, option }, all, report);
  }
};

interface PureTask {
  readonly fact: DeclarationFacts;
  /** Where it says that it is pure. */
  readonly option: Node;
}

function checkTask({ fact, option }: PureTask, { model, callables }: CheckFacts, report: Report): void {
  const { className, id } = fact.declared;
  walkRunningCode({
    model,
    callables,
    owner: fact.declared,
    wants: (node) => ts.isCallExpression(node) || (ts.isIdentifier(node) && mayBeImpure(node)),
    see(node, way) {
      const impurity = impurityAt(node);
      if (!impurity || HARMLESS.test(impurity.what)) return;
      const leads = way.map((lead, index) => ({
        node: lead,
        message: `${index === 0 ? className : "which"} ${leadText(lead)} here`,
      }));
      report({
        code: "task-not-pure",
        message: `${className} is declared pure, but \`${impurity.what}\` may give something else for the same parameters.`,
        node,
        related: [{ node: option, message: `${className} is declared pure here` }, ...leads],
        hint: "Take it as a parameter, or leave `pure` out: a record of a pure task serves wherever its parameters are the same.",
        data: { task: id, uses: impurity.what },
      });
    },
  });

  function impurityAt(node: Node): Impurity | undefined {
    if (Node.isIdentifier(node)) return impurityOf(node, model);
    return Node.isCallExpression(node) ? impureImport(node) : undefined;
  }
}
