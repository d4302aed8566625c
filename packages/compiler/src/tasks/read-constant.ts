/** Reads an expression as a constant, without running anything. */
import { Node, SyntaxKind } from "ts-morph";

/** A constant; `value` is JSON. */
export interface Constant {
  readonly value: unknown;
}

/**
 * The value of literals, signed numbers, enum members, and arrays and objects of constants, through parentheses,
 * `as` and `satisfies`; undefined for everything else.
 */
export function readConstant(node: Node | undefined): Constant | undefined {
  if (node === undefined) return undefined;
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) return { value: node.getLiteralText() };
  if (Node.isNumericLiteral(node)) return { value: node.getLiteralValue() };
  if (Node.isTrueLiteral(node)) return { value: true };
  if (Node.isFalseLiteral(node)) return { value: false };
  if (Node.isNullLiteral(node)) return { value: null };
  if (Node.isParenthesizedExpression(node) || Node.isAsExpression(node) || Node.isSatisfiesExpression(node)) {
    return readConstant(node.getExpression());
  }
  if (Node.isPrefixUnaryExpression(node)) return readSigned(node.getOperatorToken(), node.getOperand());
  if (Node.isArrayLiteralExpression(node)) return readAll(node.getElements());
  if (Node.isObjectLiteralExpression(node)) return readObject(node);
  if (Node.isPropertyAccessExpression(node)) return readEnumMember(node);
  return undefined;
}

function readSigned(operator: SyntaxKind, operand: Node): Constant | undefined {
  const inner = readConstant(operand)?.value;
  if (typeof inner !== "number") return undefined;
  // JSON has no −0, so it counts as an expression.
  if (operator === SyntaxKind.MinusToken) return inner === 0 ? undefined : { value: -inner };
  return operator === SyntaxKind.PlusToken ? { value: inner } : undefined;
}

function readAll(elements: readonly Node[]): Constant | undefined {
  const values: unknown[] = [];
  for (const element of elements) {
    const constant = readConstant(element);
    if (!constant) return undefined;
    values.push(constant.value);
  }
  return { value: values };
}

function readObject(node: Node): Constant | undefined {
  if (!Node.isObjectLiteralExpression(node)) return undefined;
  const entries: [string, unknown][] = [];
  for (const property of node.getProperties()) {
    if (!Node.isPropertyAssignment(property) || Node.isComputedPropertyName(property.getNameNode())) return undefined;
    const constant = readConstant(property.getInitializer());
    if (!constant) return undefined;
    entries.push([property.getSymbol()?.getName() ?? property.getName(), constant.value]);
  }
  return { value: Object.fromEntries(entries) };
}

function readEnumMember(node: Node): Constant | undefined {
  const member = node.getSymbol()?.getValueDeclaration();
  if (!Node.isEnumMember(member)) return undefined;
  const value = member.getValue();
  return value === undefined ? undefined : { value };
}
