/** Every call of `defineTask`, `defineFlow` and `defineRule` in the project, as seen; what is wrong with it is for the checks to say. */
import {
  type CallExpression,
  type ExportAssignment,
  Node,
  type ObjectLiteralExpression,
  type SourceFile,
  SyntaxKind,
  ts,
  type VariableDeclaration,
  VariableDeclarationKind,
} from "ts-morph";
import type { DeclaringKind } from "./declared.js";
import { bareNodesOfKind, nodesOfKind } from "./nodes-of-kind.js";
import type { SdkSymbols } from "./sdk-symbols.js";

/** One such call. */
export interface DefinitionFact {
  readonly node: CallExpression;
  readonly kind: DeclaringKind;
  /** The constant at the top of a module, or the default export, that holds it; undefined elsewhere. */
  readonly holder: VariableDeclaration | ExportAssignment | undefined;
  /** Its argument; undefined if that is no object literal. */
  readonly definition: ObjectLiteralExpression | undefined;
}

const KINDS: Readonly<Record<string, DeclaringKind>> = {
  defineTask: "task",
  defineFlow: "flow",
  defineRule: "rule",
};

/** Finds the calls in some files, in order of file and position. */
export function findDefinitions(files: readonly SourceFile[], sdk: SdkSymbols): readonly DefinitionFact[] {
  const names = exportedNames(files);
  return files.flatMap((file) => {
    const mayDefine = definesIn(file.compilerNode, names);
    return nodesOfKind(file, SyntaxKind.CallExpression, mayDefine).flatMap((node) => readDefinition(node, sdk) ?? []);
  });
}

function readDefinition(node: CallExpression, sdk: SdkSymbols): DefinitionFact | undefined {
  const [argument] = node.getArguments();
  const name = sdk.nameOf(node.getExpression().getSymbol()) ?? "";
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (!kind) return undefined;
  const definition = Node.isObjectLiteralExpression(argument) ? argument : undefined;
  return { node, kind, holder: holderOf(node), definition };
}

/** Names under which modules of a project may export the SDK's functions. */
function exportedNames(files: readonly SourceFile[]): ReadonlySet<string> {
  const names = new Set([...Object.keys(KINDS), "default"]);
  const renamed = files
    .flatMap((file) => bareNodesOfKind(file.compilerNode, SyntaxKind.ExportSpecifier))
    .flatMap(({ propertyName, name }) => (propertyName ? [{ from: propertyName.text, to: name.text }] : []));
  for (const known of names) for (const { from, to } of renamed) if (from === known) names.add(to);
  return names;
}

/**
 * Whether a call in a file may be one of the SDK's: by the name of an import, or as a member of an imported namespace. Most
 * calls are of something else, and the checker would have to find out what.
 */
function definesIn(tree: ts.SourceFile, names: ReadonlySet<string>): (call: ts.CallExpression) => boolean {
  const imported = bareNodesOfKind(tree, SyntaxKind.ImportSpecifier)
    .filter(({ propertyName, name }) => names.has((propertyName ?? name).text))
    .map(({ name }) => name.text);
  const whole = WHOLE.flatMap((kind) => bareNodesOfKind(tree, kind)).map(({ name }) => name?.text);
  const bound: ReadonlySet<string | undefined> = new Set([...imported, ...whole]);
  return ({ expression }) => {
    if (ts.isIdentifier(expression)) return bound.has(expression.text);
    return ts.isPropertyAccessExpression(expression) && names.has(expression.name.text);
  };
}

/** What binds a default export, a module or a namespace. */
const WHOLE = [SyntaxKind.ImportClause, SyntaxKind.NamespaceImport, SyntaxKind.ImportEqualsDeclaration] as const;

function holderOf(node: CallExpression): DefinitionFact["holder"] {
  let at: Node | undefined = node.getParent();
  while (Node.isParenthesizedExpression(at) || Node.isAsExpression(at) || Node.isSatisfiesExpression(at)) {
    at = at.getParent();
  }
  if (Node.isExportAssignment(at)) return at.isExportEquals() ? undefined : at;
  const statement = Node.isVariableDeclaration(at) ? at.getVariableStatement() : undefined;
  const constant = statement?.getDeclarationKind() === VariableDeclarationKind.Const;
  const atTop = Node.isSourceFile(statement?.getParent());
  return Node.isVariableDeclaration(at) && constant && atTop && Node.isIdentifier(at.getNameNode()) ? at : undefined;
}
