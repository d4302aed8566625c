/** Checks that what is called has been declared: only decorated classes get into the manifest. */
import { type Decorator, Node } from "ts-morph";
import { namesTarget } from "../calls/find-calls.js";
import { isAbstract } from "../project/find-classes.js";
import type { Check } from "./check.js";

/** `undecorated-task`, for tasks and flows. */
export const undecoratedClass: Check = ({ classes, calls }, report) => {
  const bare = new Map(
    classes
      // A decorator whose name stands for nothing is reported as that.
      .filter(({ node }) => node.getDecorators().every((each) => nameOf(each).getSymbol() !== undefined))
      .filter(({ node, base, decorator }) => base && !decorator && !isAbstract(node) && Node.isClassDeclaration(node))
      .map((fact) => [fact.node.getSymbol(), fact]),
  );
  const reported = new Set<Node>();
  for (const { node, method } of calls) {
    const target = node.getArguments()[0];
    const fact = namesTarget(method) ? bare.get(target?.getType().getSymbol()) : undefined;
    if (!fact || !target || reported.has(fact.node)) continue;
    reported.add(fact.node);
    const name = fact.node.getName() ?? "This class";
    report({
      code: "undecorated-task",
      message: `${name} is called as a step but has no @${fact.base} decorator.`,
      node: fact.node.getNameNode() ?? fact.node,
      related: [{ node: target, message: `${name} is called here` }],
      hint: `Put @${fact.base}() above \`class ${name}\`.`,
      data: { className: name },
    });
  }
};

function nameOf(decorator: Decorator): Node {
  const expression = decorator.getExpression();
  return Node.isCallExpression(expression) ? expression.getExpression() : expression;
}
