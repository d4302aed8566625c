/** Every call of `defineTask` and `defineFlow` in the project, as seen; what is wrong with it is for the checks to say. */
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
import { bareNodesOfKind, nodesOfKind } from "./nodes-of-kind.js";
import type { SdkSymbols } from "./sdk-symbols.js";

/** One such call. */
export interface DefinitionFact {
  readonly node: CallExpression;
  readonly kind: "task" | "flow";
  /** The constant at the top of a module, or the default export, that holds it; undefined elsewhere. */
  readonly holder: VariableDeclaration | ExportAssignment | undefined;
  /** Its argument; undefined if that is no object literal. */
  readonly definition: ObjectLiteralExpression | undefined;
}

const KINDS: Readonly<Record<string, "task" | "flow">> = { defineTask: "task", defineFlow: "flow" };

/** Finds the calls in some files, in order of file and position. */
export function findDefinitions(files: readonly SourceFile[], sdk: SdkSymbols): readonly DefinitionFact[] {
  return files.flatMap((file) => {
    const bound = boundNames(file.compilerNode);
    const mayDefine = ({ expression }: ts.CallExpression): boolean => bound.has(firstName(expression));
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

/**
 * Names of imports and namespaces of a file. Most calls are of members of values, and the checker would have to find a type for
 * each: what the SDK brings is called by an imported name, or as a member of one.
 */
function boundNames(tree: ts.SourceFile): ReadonlySet<string> {
  const declaring = BINDING.flatMap((kind) => bareNodesOfKind(tree, kind));
  return new Set(declaring.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : [])));
}

const BINDING = [
  SyntaxKind.ImportClause,
  SyntaxKind.ImportSpecifier,
  SyntaxKind.NamespaceImport,
  SyntaxKind.ImportEqualsDeclaration,
  SyntaxKind.ModuleDeclaration,
] as const;

/** `a` of `a.b.c`; empty if that is no name. */
function firstName(callee: ts.Expression): string {
  let left = callee;
  while (ts.isPropertyAccessExpression(left)) left = left.expression;
  return ts.isIdentifier(left) ? left.text : "";
}

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
