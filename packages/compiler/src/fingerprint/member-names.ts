/** Names of members and exports in some files, by what they can lead to. By syntax alone. */
import { ts } from "ts-morph";
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
    const visit = (node: ts.Node): void => {
      if (isNamed(node)) {
        const name = nameText(node);
        if (name !== undefined) {
          declared.add(name);
          if (ts.isObjectLiteralExpression(node.parent) ? literals || isExported(node.parent) : !isData(node))
            leading.add(name);
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { declared, leading };
}

/** Text of a name that is no computed one. */
export function nameText({ name }: ts.NamedDeclaration): string | undefined {
  if (!name) return undefined;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}

function isNamed(node: ts.Node): node is ts.NamedDeclaration {
  return (
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isObjectLiteralElement(node) ||
    ts.isEnumMember(node) ||
    ts.isExportSpecifier(node) ||
    ts.isNamespaceExport(node) ||
    ts.isParameterPropertyDeclaration(node, node.parent) ||
    (isDeclaration(node) && isAtTop(node))
  );
}

function isDeclaration(node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isBindingElement(node)
  );
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
