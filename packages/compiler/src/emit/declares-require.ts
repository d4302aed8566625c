/** Whether a module has a `require` of its own, which is not Node's. Syntax only. */
import { ts } from "ts-morph";

/** True if a module has a `require` of its own at its top. */
export function declaresRequire(syntax: ts.SourceFile): boolean {
  return syntax.statements.some((statement) => topNames(statement).includes("require"));
}

function topNames(statement: ts.Statement): readonly string[] {
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    const all = namedBindings && ts.isNamespaceImport(namedBindings) ? [namedBindings] : named;
    return [name?.text, ...all.map((binding) => binding.name.text)].filter((text) => text !== undefined);
  }
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  const declared = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) ? statement.name : undefined;
  return declared ? [declared.text] : [];
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}
