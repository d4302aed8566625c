/**
 * Whether the parameters of a call are right at first sight. Most are, and to see it takes no more than the values' own
 * types. The type of the whole literal depends on that of the call, which is the dearest question that a flow can ask.
 */
import { Node, type ObjectLiteralExpression, type Type } from "ts-morph";
import type { FlowCall } from "../calls/find-calls.js";
import { unwrap } from "../calls/resolve-target.js";
import { classOf } from "../project/declared.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";

/** What is known of other calls. */
export interface KnownCalls {
  callAt(node: Node): FlowCall | undefined;
  /** What a call gives, awaited; undefined if that depends on the call. */
  resultOf(call: FlowCall): Type | undefined;
}

/** True if nothing is missing, unknown or of another type; false says only that the checker has to be asked. */
export function fitsAtSight(literal: ObjectLiteralExpression, fact: DeclarationFacts, known: KnownCalls): boolean {
  if ((classOf(fact.declared)?.getTypeParameters() ?? []).length > 0) return false;
  const given = new Set<string>();
  for (const property of literal.getProperties()) {
    if (!Node.isPropertyAssignment(property) && !Node.isShorthandPropertyAssignment(property)) return false;
    if (!Node.isIdentifier(property.getNameNode())) return false;
    const name = property.getName();
    const param = fact.params.find((each) => each.name === name);
    const value = Node.isPropertyAssignment(property) ? property.getInitializerOrThrow() : property.getNameNode();
    if (!param || given.has(name) || !fits(param.type, value, known)) return false;
    given.add(name);
  }
  return fact.params.every(({ name, required }) => !required || given.has(name));
}

function fits(target: Type, value: Node, known: KnownCalls): boolean {
  const bare = Node.isExpression(value) ? unwrap(value) : value;
  // An assertion says another type than what it stands around.
  if (bare !== value && !Node.isParenthesizedExpression(value)) return false;
  const parts = target.isUnion() ? target.getUnionTypes() : [target];
  if (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare)) {
    return parts.some(
      (part) => part.isString() || (part.isStringLiteral() && part.getLiteralValue() === bare.getLiteralText()),
    );
  }
  if (Node.isTemplateExpression(bare)) return parts.some((part) => part.isString());
  if (Node.isNumericLiteral(bare)) return parts.some((part) => part.isNumber());
  if (Node.isTrueLiteral(bare) || Node.isFalseLiteral(bare)) {
    return parts.some((part) => part.isBoolean() || (part.isBooleanLiteral() && part.getText() === bare.getText()));
  }
  if (Node.isArrayLiteralExpression(bare)) {
    const items = parts.flatMap((part) => (part.isArray() ? (part.getArrayElementType() ?? []) : []));
    return items.some((item) => bare.getElements().every((element) => fits(item, element, known)));
  }
  if (Node.isConditionalExpression(bare)) {
    return fits(target, bare.getWhenTrue(), known) && fits(target, bare.getWhenFalse(), known);
  }
  return typeAtSight(bare, known)?.isAssignableTo(target) ?? false;
}

/** Type of what has one of its own; of names and their members before any narrowing: what that takes away does no harm. */
function typeAtSight(node: Node, known: KnownCalls): Type | undefined {
  if (Node.isCallExpression(node) && !known.callAt(node)) return node.getType();
  if (Node.isPropertyAccessExpression(node)) {
    if (Node.isThisExpression(node.getExpression())) return node.getType();
    if (node.hasQuestionDotToken()) return undefined;
    return typeAtSight(node.getExpression(), known)?.getProperty(node.getName())?.getTypeAtLocation(node);
  }
  if (!Node.isIdentifier(node)) return undefined;
  const declaration = node.getSymbol()?.getValueDeclaration();
  if (Node.isVariableDeclaration(declaration) && !declaration.getTypeNode()) {
    const awaited = declaration.getInitializer();
    const call = Node.isAwaitExpression(awaited) ? known.callAt(awaited.getExpression()) : undefined;
    if (call) return known.resultOf(call);
  }
  return Node.isParameterDeclaration(declaration) && !declaration.getTypeNode()
    ? itemType(declaration, known)
    : node.getType();
}

/** Type of the first parameter of what a `map` of a flow calls; undefined for that of any other function. */
function itemType(parameter: Node, known: KnownCalls): Type | undefined {
  const callback = parameter.getParent();
  const map = callback && known.callAt(callback.getParentOrThrow());
  if (map?.method !== "map" || map.node.getArguments()[1] !== callback) return undefined;
  if (!Node.isArrowFunction(callback) || callback.getParameters()[0] !== parameter) return undefined;
  const [items] = map.node.getArguments();
  return items?.getType().getArrayElementType();
}
