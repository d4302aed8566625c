/**
 * Names under which a member can be a function of the project. Most members that code mentions belong to the language and to
 * packages: for those the checker need not find out what they are members of, which is most of its work.
 */
import { type SourceFile, SyntaxKind, ts } from "ts-morph";
import { isTransparent } from "../fingerprint/running-syntax.js";
import { bareNodesOfKind } from "../project/nodes-of-kind.js";

/** Answers by name alone. `true` says only that it may be. */
export interface CodeNames {
  /** A member of that name may be a function of the project, or run one. */
  mayBeCode(name: string): boolean;
  /** Reading or writing a member of that name may run an accessor of the project. */
  mayBeAccessor(name: string): boolean;
}

/** Reads the names of some files. */
export function codeNames(files: readonly SourceFile[]): CodeNames {
  const trees = files.map((file) => file.compilerNode);
  const accessors = new Set<string>();
  const functions = new Set<string>(["default"]);
  let renaming = false;
  for (const tree of trees) {
    for (const kind of ACCESSORS) for (const node of bareNodesOfKind(tree, kind)) accessors.add(textOf(node.name));
    for (const kind of FUNCTIONS) {
      for (const { name } of bareNodesOfKind(tree, kind)) if (name) functions.add(textOf(name));
    }
    // What they hold may be a function.
    for (const kind of HOLDERS) {
      for (const node of bareNodesOfKind(tree, kind)) if (holdsFunction(node)) functions.add(textOf(node.name));
    }
    for (const kind of ALIASES) for (const { name } of bareNodesOfKind(tree, kind)) functions.add(textOf(name));
    renaming ||= bareNodesOfKind(tree, SyntaxKind.MappedType).some(({ nameType }) => nameType !== undefined);
  }
  // `{ [K in keyof T as …]: T[K] }` has the members of T under other names.
  const all = renaming && accessors.size + functions.size > 1;
  return {
    mayBeCode: (name) => all || functions.has(name) || accessors.has(name),
    mayBeAccessor: (name) => (all && accessors.size > 0) || accessors.has(name),
  };
}

const ACCESSORS = [SyntaxKind.GetAccessor, SyntaxKind.SetAccessor] as const;
const FUNCTIONS = [SyntaxKind.FunctionDeclaration, SyntaxKind.MethodDeclaration, SyntaxKind.MethodSignature] as const;
const HOLDERS = [
  SyntaxKind.VariableDeclaration,
  SyntaxKind.PropertyAssignment,
  SyntaxKind.PropertyDeclaration,
] as const;
const ALIASES = [SyntaxKind.BindingElement, SyntaxKind.ExportSpecifier, SyntaxKind.NamespaceExport] as const;

/** True unless the initialiser is a value at first sight. */
function holdsFunction({ initializer }: { readonly initializer?: ts.Expression }): boolean {
  let bare = initializer;
  while (bare && isTransparent(bare)) bare = bare.expression;
  return bare !== undefined && (ts.isArrowFunction(bare) || ts.isFunctionExpression(bare));
}

function textOf(name: ts.PropertyName | ts.BindingName | ts.ModuleExportName): string {
  if (ts.isComputedPropertyName(name)) return name.getText();
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : "";
}
