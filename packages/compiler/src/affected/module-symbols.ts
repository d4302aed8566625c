/**
 * The top-level symbols of a module as its syntax shows them, without a checker: what each mentions, what is imported and
 * exported. Names that are shadowed inside count as mentioned, so that what follows from it is never too little.
 */
import { ts } from "ts-morph";

/** What one symbol consists of. */
export interface SymbolSyntax {
  /** Its tokens, without comments and blanks; equal texts run equally. */
  readonly tokens: () => string;
  /** Every name in it. */
  readonly names: ReadonlySet<string>;
  /** Every string literal in it. */
  readonly texts: ReadonlySet<string>;
  /** Specifiers of `import()` and `require()` in it. */
  readonly loads: readonly string[];
}

/** An imported or re-exported name; `*` is the whole module. */
export interface Imported {
  readonly specifier: string;
  readonly name: string;
}

/** A module. */
export interface ModuleSymbols {
  /** Name in the module → what declares it; `default` for an anonymous default export, the empty name for statements that run on loading. */
  readonly symbols: ReadonlyMap<string, SymbolSyntax>;
  /** Name in the module → what it was imported as. */
  readonly imports: ReadonlyMap<string, Imported>;
  /** Exported name → name in the module, or a name of another one. */
  readonly exports: ReadonlyMap<string, string | Imported>;
  /** Specifiers of `export *`. */
  readonly stars: readonly string[];
  /** Specifiers of imports without a name: of what is loaded for its statements. */
  readonly bare: readonly string[];
  /** Specifiers of everything that is loaded with it, types excluded. */
  readonly loads: ReadonlySet<string>;
}

/** The name of the statements that run when a module is loaded. */
export const ON_LOAD = "";

/** Reads the text of a module. Text that does not parse gives what there is of it. */
export function readModuleSymbols(file: string, text: string): ModuleSymbols {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const parts = new Map<string, ts.Node[]>([[ON_LOAD, []]]);
  const imports = new Map<string, Imported>();
  const exports = new Map<string, string | Imported>();
  const stars: string[] = [];
  const bare: string[] = [];
  const loads = new Set<string>();
  const declare = (name: string, node: ts.Node, exported?: string): void => {
    parts.set(name, [...(parts.get(name) ?? []), node]);
    if (exported !== undefined) exports.set(exported, name);
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      readImport(statement, statement.moduleSpecifier.text);
    } else if (ts.isExportDeclaration(statement)) readExport(statement);
    else if (ts.isExportAssignment(statement)) {
      if (ts.isIdentifier(statement.expression)) exports.set("default", statement.expression.text);
      else declare("default", statement, "default");
    } else readDeclaration(statement);
  }

  function readImport({ importClause }: ts.ImportDeclaration, specifier: string): void {
    if (!importClause) bare.push(specifier);
    if (!importClause || importClause.phaseModifier !== ts.SyntaxKind.TypeKeyword) loads.add(specifier);
    if (importClause?.name) imports.set(importClause.name.text, { specifier, name: "default" });
    const bindings = importClause?.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) imports.set(bindings.name.text, { specifier, name: "*" });
    for (const { name, propertyName } of bindings && ts.isNamedImports(bindings) ? bindings.elements : []) {
      imports.set(name.text, { specifier, name: (propertyName ?? name).text });
    }
  }

  function readExport({ exportClause, moduleSpecifier, isTypeOnly }: ts.ExportDeclaration): void {
    const specifier = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
    if (specifier !== undefined && !isTypeOnly) loads.add(specifier);
    if (!exportClause) stars.push(...(specifier === undefined ? [] : [specifier]));
    else if (ts.isNamespaceExport(exportClause)) {
      exports.set(exportClause.name.text, { specifier: specifier ?? "", name: "*" });
    } else {
      for (const { name, propertyName } of exportClause.elements) {
        const own = (propertyName ?? name).text;
        exports.set(name.text, specifier === undefined ? own : { specifier, name: own });
      }
    }
  }

  function readDeclaration(statement: ts.Statement): void {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const has = (kind: ts.SyntaxKind): boolean => modifiers.some((modifier) => modifier.kind === kind);
    const exported = has(ts.SyntaxKind.ExportKeyword);
    if (ts.isVariableStatement(statement)) {
      for (const name of statement.declarationList.declarations.flatMap(({ name }) => boundNames(name))) {
        declare(name, statement, exported ? name : undefined);
      }
      return;
    }
    if (!isNamed(statement)) {
      declare(ON_LOAD, statement);
      return;
    }
    const name = statement.name && ts.isIdentifier(statement.name) ? statement.name.text : "default";
    declare(name, statement, !exported ? undefined : has(ts.SyntaxKind.DefaultKeyword) ? "default" : name);
  }

  const symbols = new Map([...parts].map(([name, nodes]) => [name, syntaxOf(nodes, source)]));
  return { symbols, imports, exports, stars, bare, loads };
}

type NamedStatement =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | ts.ModuleDeclaration;

function isNamed(statement: ts.Statement): statement is NamedStatement {
  return (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  );
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

function syntaxOf(nodes: readonly ts.Node[], source: ts.SourceFile): SymbolSyntax {
  const names = new Set<string>();
  const texts = new Set<string>();
  const loads: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isMemberName(node)) names.add(node.text);
    if (ts.isStringLiteralLike(node)) texts.add(node.text);
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      const called =
        node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText(source) === "require";
      if (called && first && ts.isStringLiteralLike(first)) loads.push(first.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const node of nodes) visit(node);
  return { tokens: () => nodes.flatMap((node) => tokensOf(node, source)).join(" "), names, texts, loads };
}

/** `name` in `x.name`, `{ name: x }` and `class { name() {} }`: of a member, not of a symbol. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  const isMember =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isClassElement(parent) ||
    ts.isTypeElement(parent) ||
    ts.isMethodDeclaration(parent);
  return isMember && parent.name === node;
}

function tokensOf(node: ts.Node, source: ts.SourceFile): readonly string[] {
  if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return [];
  const children = node.getChildren(source);
  return children.length === 0 ? [node.getText(source)] : children.flatMap((child) => tokensOf(child, source));
}
