/** Turns classes and definitions into declarations: id, name, export. */
import { basename } from "node:path";
import { Node, type ObjectLiteralExpression } from "ts-morph";
import { readConstant } from "../tasks/read-constant.js";
import type { ClassForm, Declared, DeclaringKind, FunctionForm } from "./declared.js";
import type { ClassFact } from "./find-classes.js";
import type { DefinitionFact } from "./find-definitions.js";
import type { ProjectModel } from "./model.js";

/** All that may declare something, good or bad. */
export interface Declaring {
  /** Classes that have to do with the SDK. */
  readonly classes: readonly ClassFact[];
  /** Calls of `defineTask`, `defineFlow` and `defineRule`. */
  readonly definitions: readonly DefinitionFact[];
}

/**
 * The declarations of a project: decorated class statements that extend the SDK's Task or Flow, and definitions that a
 * constant or a default export holds. Sorted by source, then position.
 */
export function readDeclared(
  { classes, definitions }: Declaring,
  at: Pick<ProjectModel, "spanOf" | "sourceOf">,
): readonly Declared[] {
  const ofClasses = classes.flatMap(({ node, base, decorator }) => {
    if (!base || !decorator || !Node.isClassDeclaration(node)) return [];
    return declare(base, { type: "class", node, decorator: decorator.node }, at);
  });
  const ofDefinitions = definitions.flatMap(({ node, kind, holder, definition }) =>
    holder && definition ? declare(kind, { type: "function", node, holder, definition }, at) : [],
  );
  return [...ofClasses, ...ofDefinitions].sort((a, b) =>
    a.source === b.source ? a.form.node.getPos() - b.form.node.getPos() : a.source < b.source ? -1 : 1,
  );
}

function declare(
  declaring: DeclaringKind,
  form: Declared["form"],
  at: Pick<ProjectModel, "spanOf" | "sourceOf">,
): Declared {
  const source = at.sourceOf(form.node.getSourceFile());
  const name = nameOf(form);
  const className = name?.getText() ?? basename(source).replace(/\.[^.]+$/, "");
  const options = form.type === "class" ? form.decorator.getArguments()[0] : form.definition;
  const nameNode =
    name ?? (form.type === "class" ? form.node.getFirstChildOrThrow(Node.isNode) : form.node.getExpression());
  return {
    kind: declaring === "flow" ? "flow" : "task",
    isRule: declaring === "rule",
    id: (Node.isObjectLiteralExpression(options) ? literalId(options) : undefined) ?? className,
    className,
    form,
    source,
    exportName: exportNameOf(form, name),
    nameNode,
    span: at.spanOf(nameNode),
  };
}

function nameOf(form: ClassForm | FunctionForm): Node | undefined {
  if (form.type === "class") return form.node.getNameNode();
  return Node.isVariableDeclaration(form.holder) ? form.holder.getNameNode() : undefined;
}

/** The `id` of an options object or a definition; undefined if it is no text. */
export function literalId(options: ObjectLiteralExpression): string | undefined {
  const property = options.getProperty("id");
  const value = Node.isPropertyAssignment(property) ? readConstant(property.getInitializer()) : undefined;
  return typeof value?.value === "string" && value.value !== "" ? value.value : undefined;
}

/** The name under which its own module exports a declaration; its own name first, `default` last. */
function exportNameOf(form: ClassForm | FunctionForm, name: Node | undefined): string | undefined {
  const holder = form.type === "class" ? form.node : form.holder;
  if (Node.isExportAssignment(holder)) return "default";
  const symbol = holder.getSymbol();
  const names = holder
    .getSourceFile()
    .getExportSymbols()
    .filter((exported) => (exported.getAliasedSymbol() ?? exported) === symbol)
    .map((exported) => exported.getName());
  const own = names.find((each) => each === name?.getText());
  return own ?? names.filter((each) => each !== "default").sort()[0] ?? names[0];
}
