/** Every call of `defineTask` and `defineFlow` in the project, as seen; what is wrong with it is for the checks to say. */
import {
  type CallExpression,
  type ExportAssignment,
  Node,
  type ObjectLiteralExpression,
  type SourceFile,
  SymbolFlags,
  SyntaxKind,
  type VariableDeclaration,
  VariableDeclarationKind,
} from "ts-morph";
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
  return files.flatMap((file) =>
    file.getDescendantsOfKind(SyntaxKind.CallExpression).flatMap((node) => readDefinition(node, sdk) ?? []),
  );
}

function readDefinition(node: CallExpression, sdk: SdkSymbols): DefinitionFact | undefined {
  const callee = node.getExpression();
  if (!mayBeImported(callee)) return undefined;
  const [argument] = node.getArguments();
  const name = sdk.nameOf(callee.getSymbol()) ?? "";
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (!kind) return undefined;
  const definition = Node.isObjectLiteralExpression(argument) ? argument : undefined;
  return { node, kind, holder: holderOf(node), definition };
}

/**
 * True for a name, and for a name in a namespace: what else is called is a member of a value, whose symbol is that of the
 * member. Most calls are such, and the checker has to find a type for each.
 */
function mayBeImported(callee: Node): boolean {
  if (!Node.isPropertyAccessExpression(callee)) return Node.isIdentifier(callee);
  let left = callee.getExpression();
  while (Node.isPropertyAccessExpression(left)) left = left.getExpression();
  const symbol = Node.isIdentifier(left) ? left.getSymbol() : undefined;
  return symbol?.isAlias() === true || symbol?.hasFlags(SymbolFlags.Namespace) === true;
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
