/** Names of members and exports in some files, by what they can lead to. By syntax alone. */
import { SyntaxKind, ts } from "ts-morph";
import { bareNodesOfKind } from "../project/nodes-of-kind.js";
import { isTransparent } from "./running-syntax.js";

/** Two questions about a name. */
export interface MemberNames {
  /** Something in the files has the name: whoever calls a member of that name may call it. */
  readonly declared: ReadonlySet<string>;
  /**
   * Reading a member of that name may lead to code which the receiver's own name does not lead to: one of a class or an
   * interface, an export, an enum's. What is declared as data, and what only literals have, is made where it counts.
   */
  readonly leading: ReadonlySet<string>;
}

/** Reads them. */
export function memberNames(files: readonly ts.SourceFile[]): MemberNames {
  const declared = new Set(["default"]);
  const leading = new Set(["default"]);
  for (const file of files) {
    // There, the properties of a literal may be what the module exports.
    const literals = !/\.[cm]?tsx?$/.test(file.fileName);
    for (const node of NAMED.flatMap((kind): readonly ts.Node[] => bareNodesOfKind(file, kind))) {
      if (!isNamed(node)) continue;
      const name = nameText(node);
      if (name === undefined) continue;
      declared.add(name);
      if (ts.isObjectLiteralExpression(node.parent) ? literals || isExported(node.parent) : !isData(node))
        leading.add(name);
    }
  }
  return { declared, leading };
}

/** Text of a name that is no computed one. */
export function nameText({ name }: ts.NamedDeclaration): string | undefined {
  if (!name) return undefined;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}

const DECLARATIONS = [
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.ClassDeclaration,
  SyntaxKind.EnumDeclaration,
  SyntaxKind.ModuleDeclaration,
  SyntaxKind.VariableDeclaration,
  SyntaxKind.BindingElement,
] as const;

/** What may have such a name. */
const NAMED = [
  ...DECLARATIONS,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
  SyntaxKind.PropertySignature,
  SyntaxKind.MethodSignature,
  SyntaxKind.PropertyAssignment,
  SyntaxKind.ShorthandPropertyAssignment,
  SyntaxKind.JsxAttribute,
  SyntaxKind.EnumMember,
  SyntaxKind.ExportSpecifier,
  SyntaxKind.NamespaceExport,
  SyntaxKind.Parameter,
] as const;

const TOP_ONLY: ReadonlySet<SyntaxKind> = new Set(DECLARATIONS);

/** False for parameters that are no properties, and for variables of functions. */
function isNamed(node: ts.Node): node is ts.NamedDeclaration {
  if (ts.isParameter(node)) return ts.isParameterPropertyDeclaration(node, node.parent);
  return !TOP_ONLY.has(node.kind) || isAtTop(node);
}

/** Of a module or a namespace: variables of a function are nobody's members. */
function isAtTop({ parent }: ts.Node): boolean {
  if (ts.isSourceFile(parent) || ts.isModuleBlock(parent) || ts.isModuleDeclaration(parent)) return true;
  const holds =
    ts.isVariableStatement(parent) ||
    ts.isVariableDeclarationList(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isBindingElement(parent) ||
    ts.isObjectBindingPattern(parent) ||
    ts.isArrayBindingPattern(parent);
  return holds && isAtTop(parent);
}

/** `export = { … }`, `export default { … }`. */
function isExported(literal: ts.ObjectLiteralExpression): boolean {
  let holder = literal.parent;
  while (isTransparent(holder)) holder = holder.parent;
  return ts.isExportAssignment(holder);
}

/** A property of an interface or type whose type says that it is no function. */
function isData(node: ts.NamedDeclaration): boolean {
  return ts.isPropertySignature(node) && node.type !== undefined && isDataType(node.type);
}

const DATA: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.StringKeyword,
  ts.SyntaxKind.NumberKeyword,
  ts.SyntaxKind.BooleanKeyword,
  ts.SyntaxKind.BigIntKeyword,
  ts.SyntaxKind.UndefinedKeyword,
  ts.SyntaxKind.LiteralType,
  ts.SyntaxKind.TemplateLiteralType,
  ts.SyntaxKind.ArrayType,
  ts.SyntaxKind.TupleType,
]);

function isDataType(type: ts.TypeNode): boolean {
  if (ts.isParenthesizedTypeNode(type) || ts.isTypeOperatorNode(type)) return isDataType(type.type);
  return ts.isUnionTypeNode(type) ? type.types.every(isDataType) : DATA.has(type.kind);
}
