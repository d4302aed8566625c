/** Turns class facts into declarations: id, name, export. */
import { basename } from "node:path";
import { type ClassDeclaration, Node } from "ts-morph";
import { readConstant } from "../tasks/read-constant.js";
import type { ClassFact } from "./find-classes.js";
import type { Declared, ProjectModel } from "./model.js";

/** The declarations among the classes: decorated class statements that extend the SDK's Task or Flow. */
export function declaredClasses(
  classes: readonly ClassFact[],
  at: Pick<ProjectModel, "spanOf" | "sourceOf">,
): readonly Declared[] {
  return classes.flatMap(({ node, base, decorator }) => {
    if (!base || !decorator || !Node.isClassDeclaration(node)) return [];
    const source = at.sourceOf(node.getSourceFile());
    const className = node.getName() ?? basename(source).replace(/\.[^.]+$/, "");
    return {
      kind: base,
      id: decoratorId(decorator.node.getArguments()[0]) ?? className,
      className,
      node,
      source,
      exportName: exportNameOf(node),
      span: at.spanOf(node.getNameNode() ?? node.getFirstChildOrThrow(Node.isNode)),
    };
  });
}

function decoratorId(options: Node | undefined): string | undefined {
  if (!Node.isObjectLiteralExpression(options)) return undefined;
  const property = options.getProperty("id");
  const value = Node.isPropertyAssignment(property) ? readConstant(property.getInitializer()) : undefined;
  return typeof value?.value === "string" && value.value !== "" ? value.value : undefined;
}

/** The name under which a class's own module exports it; its own name first, `default` last. */
function exportNameOf(node: ClassDeclaration): string | undefined {
  const symbol = node.getSymbol();
  const names = node
    .getSourceFile()
    .getExportSymbols()
    .filter((exported) => (exported.getAliasedSymbol() ?? exported) === symbol)
    .map((exported) => exported.getName());
  const own = names.find((name) => name === node.getName());
  return own ?? names.filter((name) => name !== "default").sort()[0] ?? names[0];
}
