/** Whether anybody looks at what a call in a flow gives, outwards through whatever only waits for it or hands it on. */
import { type CallExpression, type Identifier, Node, SyntaxKind } from "ts-morph";
import { bareNodesOfKind } from "../project/nodes-of-kind.js";

/** True if nothing reads the result of a step. `isMap`: calls of `map` on a flow. */
export function isResultDropped(call: CallExpression, isMap: (node: CallExpression) => boolean): boolean {
  return isDropped(call, isMap);
}

function isDropped(node: Node, isMap: (node: CallExpression) => boolean): boolean {
  const parent = node.getParent();
  const up = (at: Node): boolean => isDropped(at, isMap);
  if (Node.isExpressionStatement(parent)) return true;
  if (Node.isAwaitExpression(parent) || Node.isParenthesizedExpression(parent) || Node.isVoidExpression(parent))
    return up(parent);
  if (Node.isAsExpression(parent) || Node.isNonNullExpression(parent)) return up(parent);
  if (Node.isConditionalExpression(parent)) return parent.getCondition() !== node && up(parent);
  if (Node.isBinaryExpression(parent)) {
    const chooses = /^(&&|\|\||\?\?)$/.test(parent.getOperatorToken().getText());
    return chooses && parent.getRight() === node && up(parent);
  }
  if (Node.isArrayLiteralExpression(parent))
    return combines(parent.getParent(), parent) && up(parent.getParentOrThrow());
  if (Node.isVariableDeclaration(parent)) {
    const name = parent.getNameNode();
    return Node.isIdentifier(name) && !isRead(name);
  }
  // What a callback of a map gives is an item of its list.
  const callback = Node.isReturnStatement(parent) ? parent.getFirstAncestor(isFunction) : parent;
  const mapped = Node.isArrowFunction(callback) ? callback.getParent() : undefined;
  if (!Node.isCallExpression(mapped) || !mapped.getArguments().includes(callback as Node)) return false;
  if (isMap(mapped)) return up(mapped);
  const outer = mapped.getParent();
  return /\.(map|flatMap)$/.test(mapped.getExpression().getText()) && combines(outer, mapped) && up(outer as Node);
}

/** `Promise.all` and `Promise.allSettled` of a list. */
function combines(outer: Node | undefined, list: Node): boolean {
  return (
    Node.isCallExpression(outer) &&
    outer.getArguments()[0] === list &&
    /^Promise\.(all|allSettled)$/.test(outer.getExpression().getText())
  );
}

function isRead(name: Identifier): boolean {
  const statement = name.getFirstAncestorByKind(SyntaxKind.VariableStatement);
  if (!statement || statement.isExported()) return true;
  const scope = statement.getParentOrThrow();
  const [text, own] = [name.getText(), name.compilerNode];
  return bareNodesOfKind(name.getSourceFile().compilerNode, SyntaxKind.Identifier).some(
    (use) => use.text === text && use !== own && use.pos >= scope.getPos() && use.end <= scope.getEnd(),
  );
}

function isFunction(node: Node): boolean {
  return Node.isFunctionLikeDeclaration(node) || Node.isArrowFunction(node) || Node.isFunctionExpression(node);
}
