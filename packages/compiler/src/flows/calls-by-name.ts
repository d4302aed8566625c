/**
 * The calls of a project by the names of what they call and hand on, so that only those are looked at which may lead to a
 * step. By syntax alone: most calls of a project are in tasks, and lead to none.
 */
import { appendTo } from "@millrace/core";
import { type CallExpression, type SourceFile, SyntaxKind, ts } from "ts-morph";
import { isTransparent } from "../fingerprint/running-syntax.js";
import { bareNodesOfKind, objectOf } from "../project/nodes-of-kind.js";
import type { Callable } from "./callables.js";

/** Whatever a default export is imported as. */
const DEFAULT = "default";

/** Finds calls by name. */
export class CallsByName {
  readonly #byName = new Map<string, { readonly node: ts.CallExpression; readonly file: SourceFile }[]>();
  /** Name → other names of the same: of imports, exports and patterns. */
  readonly #aliases = new Map<string, string[]>();

  constructor(files: readonly SourceFile[]) {
    for (const file of files) {
      const tree = file.compilerNode;
      for (const node of bareNodesOfKind(tree, SyntaxKind.CallExpression)) {
        for (const name of new Set([node.expression, ...node.arguments].map(lastName))) {
          if (name !== undefined) appendTo(this.#byName, name, { node, file });
        }
      }
      for (const kind of RENAMING) {
        for (const { propertyName, name } of bareNodesOfKind(tree, kind)) {
          if (propertyName && ts.isIdentifier(name)) this.#alias(propertyName.getText(), name.text);
        }
      }
      for (const kind of DEFAULTS) {
        for (const { name } of bareNodesOfKind(tree, kind)) if (name) this.#alias(DEFAULT, name.text);
      }
      for (const { expression } of bareNodesOfKind(tree, SyntaxKind.ExportAssignment)) {
        const name = lastName(expression);
        if (name !== undefined) this.#alias(name, DEFAULT);
      }
    }
  }

  /** Calls that may call or hand on a function. */
  of(callable: Callable): readonly CallExpression[] {
    return this.#under(namesOf(callable.compilerNode));
  }

  /** Calls that may call or hand on a parameter of a function. */
  ofParameters(callable: Callable): readonly CallExpression[] {
    return this.#under(
      callable.compilerNode.parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : [])),
    );
  }

  #alias(name: string, other: string): void {
    if (name !== other) appendTo(this.#aliases, name, other);
  }

  #under(names: readonly string[]): readonly CallExpression[] {
    const all = new Set(names);
    for (const name of all) for (const alias of this.#aliases.get(name) ?? []) all.add(alias);
    return [...all].flatMap((name) =>
      // The index holds calls alone.
      (this.#byName.get(name) ?? []).map(({ node, file }) => objectOf(node, file) as CallExpression),
    );
  }
}

const RENAMING = [SyntaxKind.ImportSpecifier, SyntaxKind.ExportSpecifier, SyntaxKind.BindingElement] as const;
const DEFAULTS = [SyntaxKind.ImportClause, SyntaxKind.NamespaceImport, SyntaxKind.ImportEqualsDeclaration] as const;

/** What a function is declared as: its own name, and that of what holds it. */
function namesOf(node: ts.Node): readonly string[] {
  const own = ts.isFunctionLike(node) && node.name ? [node.name.getText()] : [];
  const isDefault =
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === SyntaxKind.DefaultKeyword);
  let holder = node.parent;
  while (isTransparent(holder)) holder = holder.parent;
  const held =
    ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder) || ts.isPropertyDeclaration(holder)
      ? [holder.name.getText()]
      : [];
  return [...own, ...held, ...(isDefault || ts.isExportAssignment(holder) ? [DEFAULT] : [])];
}

/** `c` of `a.b.c` and of `a["c"]`, a name itself. */
function lastName(expression: ts.Expression): string | undefined {
  let at = expression;
  while (isTransparent(at) || ts.isExpressionWithTypeArguments(at)) at = at.expression;
  if (ts.isIdentifier(at)) return at.text;
  if (ts.isPropertyAccessExpression(at)) return at.name.text;
  return ts.isElementAccessExpression(at) && ts.isStringLiteralLike(at.argumentExpression)
    ? at.argumentExpression.text
    : undefined;
}
