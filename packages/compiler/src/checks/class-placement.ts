/** Checks where tasks and flows stand: threads find them by module and export name, so they need both. */
import { Node, SyntaxKind } from "ts-morph";
import { isAbstract } from "../project/find-classes.js";
import type { Check } from "./check.js";

/** `class-expression`, `class-not-exported`, `class-abstract`, `decorator-mismatch`. */
export const classPlacement: Check = ({ classes, model, facts }, report) => {
  for (const { node, base, decorator } of classes) {
    const name = node.getName() ?? "The class";
    if (Node.isClassExpression(node)) {
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
      const wanted = decorator.name === "task" ? "Task" : "Flow";
      report({
        code: "decorator-mismatch",
        message: base
          ? `${name} has @${decorator.name} but extends ${base === "task" ? "Task" : "Flow"}.`
          : `${name} has @${decorator.name} but does not extend ${wanted}.`,
        node: decorator.node,
        hint: base ? `Use @${base} here, or extend ${wanted}.` : `Write \`class ${name} extends ${wanted}\`.`,
      });
    } else if (isAbstract(node)) {
      report({
        code: "class-abstract",
        message: `${name} is abstract, so no ${base} can be made of it.`,
        node: decorator.node,
        hint: `Remove @${base} here and put it on the classes that extend ${name}; their @param() fields are inherited.`,
      });
    }
  }
  for (const { declared } of facts) {
    if (declared.exportName !== undefined) continue;
    report({
      code: "class-not-exported",
      message: `${declared.className} is not exported by ${declared.source}, so no thread can load it.`,
      node: declared.node.getNameNode() ?? declared.node,
      hint: `Write \`export class ${declared.className}\`, at the top level of its module.`,
      data: { id: declared.id, source: model.sourceOf(declared.node.getSourceFile()) },
    });
  }
};

function constName(node: Node): string | undefined {
  const parent = node.getParent();
  return Node.isVariableDeclaration(parent) ? parent.getName() : undefined;
}
