/** Which names a module takes from each module that it imports. Syntax only; types may be among them. */
import { ts } from "ts-morph";

/** What is taken from one module. */
export interface TakenNames {
  /** The default export. */
  readonly default: boolean;
  readonly names: ReadonlySet<string>;
}

/** Names by specifier. Of a namespace, the properties that are read from it count. */
export function takenNames(syntax: ts.SourceFile): ReadonlyMap<string, TakenNames> {
  const taken = new Map<string, Set<string>>();
  const namespaces = new Map<string, string>();
  const take = (specifier: string, ...names: readonly string[]): void => {
    const known = taken.get(specifier) ?? new Set();
    taken.set(specifier, known);
    for (const name of names) known.add(name);
  };

  for (const statement of syntax.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const { text } = statement.moduleSpecifier;
      const clause = statement.importClause;
      if (clause?.isTypeOnly) continue;
      if (clause?.name) take(text, "default");
      const bindings = clause?.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) namespaces.set(bindings.name.text, text);
      else if (bindings) take(text, ...valueNames(bindings.elements));
    } else if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference)) {
      const { expression } = statement.moduleReference;
      if (ts.isStringLiteral(expression)) namespaces.set(statement.name.text, expression.text);
    } else if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      const { moduleSpecifier, exportClause, isTypeOnly } = statement;
      if (moduleSpecifier && ts.isStringLiteral(moduleSpecifier) && !isTypeOnly) {
        take(moduleSpecifier.text, ...valueNames(exportClause.elements));
      }
    }
  }

  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const specifier = namespaces.get(node.expression.text);
      if (specifier !== undefined) take(specifier, node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  if (namespaces.size > 0) visit(syntax);

  return new Map(
    [...taken].map(([specifier, names]) => {
      const isDefault = names.delete("default");
      return [specifier, { default: isDefault, names }];
    }),
  );
}

function valueNames(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): readonly string[] {
  return elements
    .filter((element) => !element.isTypeOnly)
    .map((element) => (element.propertyName ?? element.name).text);
}
