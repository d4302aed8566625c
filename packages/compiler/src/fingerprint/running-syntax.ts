/** Which syntax counts when code runs, and what of it is no child of its node. By kind alone, without types. */
import { ts } from "ts-morph";

/** True for statements that declare, import or export: units of their own, or no code. */
export function isDeclaring(node: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isExportAssignment(node) ||
    ts.isVariableStatement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}

/** True for what leaves no trace in running code. */
export function isErased(node: ts.Node): boolean {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isTypeParameterDeclaration(node))
    return true;
  if (ts.isEmptyStatement(node) || ts.isIndexSignatureDeclaration(node)) return true;
  if (ts.isFunctionLike(node) && !ts.isArrowFunction(node) && !(node as ts.FunctionDeclaration).body) return true;
  if (ts.isParameter(node) && ts.isIdentifier(node.name) && node.name.text === "this") return true;
  if (node.kind === ts.SyntaxKind.ExclamationToken) return true;
  if (node.kind === ts.SyntaxKind.QuestionToken) return !ts.isConditionalExpression(node.parent);
  if (ts.isModifier(node))
    return !(
      node.kind === ts.SyntaxKind.AsyncKeyword ||
      node.kind === ts.SyntaxKind.StaticKeyword ||
      node.kind === ts.SyntaxKind.AccessorKeyword
    );
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((each) => each.kind === ts.SyntaxKind.DeclareKeyword) ?? false)
  );
}

/** True for what is its own inner expression when it runs: parentheses, casts. */
export function isTransparent(node: ts.Node): node is ts.ParenthesizedExpression | ts.AsExpression {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isNonNullExpression(node)
  );
}

/** What decides about a node and is no child of it. */
export function flagsOf(node: ts.Node): string {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return String(node.operator);
  if (ts.isVariableDeclarationList(node))
    return node.flags & ts.NodeFlags.BlockScoped
      ? node.flags & ts.NodeFlags.Using
        ? `using${node.flags & ts.NodeFlags.BlockScoped}`
        : ""
      : "var";
  return "";
}
