/** Checks that classes of tasks and flows are what their decorators say, and statements that a module can export. */
import { type ClassExpression, Node, SyntaxKind } from "ts-morph";
import type { DeclaringKind } from "../project/declared.js";
import { isAbstract } from "../project/find-classes.js";
import type { Check } from "./check.js";

/** What the classes of a kind extend. */
const BASES: Readonly<Record<DeclaringKind, string>> = { task: "Task", flow: "Flow", rule: "Rule" };

/** `class-expression`, `class-abstract`, `decorator-mismatch`. */
export const classPlacement: Check = ({ classes }, report) => {
  for (const { node, base, decorator } of classes) {
    const name = node.getName() ?? "The class";
    if (Node.isClassExpression(node)) {
      if (!decorator && isMixin(node)) continue;
      const kind = base ?? decorator?.name ?? "task";
      report({
        code: "class-expression",
        message: `This ${kind} is a class expression, which no other module can load by name.`,
        node: node.getFirstChildByKind(SyntaxKind.ClassKeyword) ?? node,
        hint: `Write it as a statement: export class ${constName(node) ?? "MyTask"} extends …`,
      });
      continue;
    }
    if (!decorator) continue;
    if (base !== decorator.name) {
      const wanted = BASES[decorator.name];
      report({
        code: "decorator-mismatch",
        message: base
          ? `${name} has @${decorator.name} but extends ${BASES[base]}.`
          : `${name} has @${decorator.name} but does not extend ${wanted}.`,
        node: decorator.node,
        hint: base ? `Use @${base} here, or extend ${wanted}.` : `Write \`class ${name} extends ${wanted}\`.`,
      });
    } else if (isAbstract(node)) {
      report({
        code: "class-abstract",
        message: `${name} is abstract, so no ${base} can be made of it.`,
        node: node.getModifiers().find((each) => each.getKind() === SyntaxKind.AbstractKeyword) ?? decorator.node,
        related: [{ node: decorator.node, message: `declared as a ${base} here` }],
        hint: `Remove @${base} and put it on the classes that extend ${name}; their @param() fields are inherited.`,
      });
    }
  }
};

/** What a function gives back that adds to the class it is given: whoever extends that is the task or flow. */
function isMixin(node: ClassExpression): boolean {
  const base = node.getExtends()?.getExpression();
  const declarations = Node.isIdentifier(base) ? (base.getSymbol()?.getDeclarations() ?? []) : [];
  return declarations.some(Node.isParameterDeclaration);
}

function constName(node: Node): string | undefined {
  const parent = node.getParent();
  return Node.isVariableDeclaration(parent) ? parent.getName() : undefined;
}
