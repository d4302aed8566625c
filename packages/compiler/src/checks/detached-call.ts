/** Checks that methods of a flow stay on it: taken off, they lose the flow, and the build loses sight of the calls. */
import { type BindingElement, Node, SyntaxKind, type ts } from "ts-morph";
import { FLOW_METHODS, isSdkMethod } from "../calls/find-calls.js";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import type { Check } from "./check.js";

const METHODS: ReadonlySet<string> = new Set([...FLOW_METHODS, "now", "random", "uuid"]);

/** `detached-call`. */
export const detachedCall: Check = ({ model, files }, report) => {
  const detached = (node: Node, name: string): void =>
    report({
      code: "detached-call",
      message: `\`${name}\` is taken off its flow, and does not work without it.`,
      node,
      hint: `Call it on the flow: flow.${name}(…), this.${name}(…).`,
    });
  for (const file of files) {
    const namesMethod = ({ name }: ts.PropertyAccessExpression): boolean => METHODS.has(name.text);
    for (const access of nodesOfKind(file, SyntaxKind.PropertyAccessExpression, namesMethod)) {
      if (isCalled(access) || !model.isFlow(access.getExpression().getType())) continue;
      if (isSdkMethod(model, access.getSymbol())) detached(access, access.getName());
    }
    for (const element of nodesOfKind(file, SyntaxKind.BindingElement)) {
      const name = keyOf(element);
      if (!METHODS.has(name)) continue;
      const whole = element.getParentOrThrow().getType();
      if (model.isFlow(whole) && isSdkMethod(model, whole.getProperty(name))) detached(element, name);
    }
  }
};

function keyOf(element: BindingElement): string {
  return (element.getPropertyNameNode() ?? element.getNameNode()).getText();
}

function isCalled(access: Node): boolean {
  let at: Node = access;
  let parent = at.getParent();
  while (Node.isNonNullExpression(parent) || Node.isParenthesizedExpression(parent)) {
    at = parent;
    parent = at.getParent();
  }
  return Node.isCallExpression(parent) && parent.getExpression() === at;
}
