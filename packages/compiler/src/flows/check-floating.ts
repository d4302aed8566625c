/**
 * Check `floating-call`: a call that leads to a step and whose promise nobody keeps. The body could end before the step
 * does, and its failure would be lost.
 */
import { Node, SyntaxKind, type Type } from "ts-morph";
import type { Analysis } from "./analysis.js";
import { type Invocation, type Iterating, isIterating, textOfCallee } from "./implicit-calls.js";
import { isPromise } from "./is-promise.js";

/** Looks at every call of the project that has a site. */
export function checkFloating(analysis: Analysis): void {
  for (const node of analysis.sites.keys()) {
    const dropped = isIterating(node) ? undefined : whoDrops(analysis, node);
    if (!dropped) continue;
    const text = textOfCallee(node);
    analysis.report({
      code: "floating-call",
      severity: "error",
      message: `Nobody waits for the result of \`${text}\`: ${dropped}.`,
      span: analysis.model.spanOf(node),
      related: [],
      hint: `Write \`await ${text}(…)\`, return its promise, or keep it and await it later.`,
      data: { call: text, site: analysis.sites.get(node) ?? null },
    });
  }
}

function whoDrops(analysis: Analysis, node: Exclude<Invocation, Iterating>): string | undefined {
  // What runs beside the body is awaited by who wants to.
  if (Node.isCallExpression(node) && analysis.reach.calls.get(node)?.method === "background") return undefined;
  const framed = Node.isCallExpression(node) ? analysis.reach.callbacks.get(node) : undefined;
  if (framed?.method === "forEach") {
    const callback = Node.isArrowFunction(framed.callback) || Node.isFunctionExpression(framed.callback);
    const type = framed.callback.getType().getCallSignatures()[0]?.getReturnType();
    const promises = callback && type !== undefined && isPromise(type);
    return promises ? "`forEach` drops the promises of its callback" : undefined;
  }
  const dropped = droppedBy(node);
  if (dropped === undefined || (Node.isCallExpression(node) && analysis.reach.calls.has(node))) return dropped;
  const type = node.getType();
  return isPromise(type) || holdsPromises(type) ? dropped : undefined;
}

/** Who throws the value away, looking outwards through what only hands it on; undefined if nobody does. */
export function droppedBy(node: Node): string | undefined {
  const parent = node.getParent();
  if (!parent) return undefined;
  if (Node.isExpressionStatement(parent)) return "its promise is dropped";
  if (Node.isVoidExpression(parent)) return "`void` drops its promise";
  if (Node.isParenthesizedExpression(parent) || Node.isNonNullExpression(parent) || Node.isAsExpression(parent)) {
    return droppedBy(parent);
  }
  if (Node.isConditionalExpression(parent)) return parent.getCondition() === node ? undefined : droppedBy(parent);
  if (Node.isBinaryExpression(parent)) {
    const operator = parent.getOperatorToken().getKind();
    const handsOn =
      operator === SyntaxKind.AmpersandAmpersandToken ||
      operator === SyntaxKind.BarBarToken ||
      operator === SyntaxKind.QuestionQuestionToken;
    if (operator === SyntaxKind.CommaToken && parent.getLeft() === node) return "its promise is dropped";
    return handsOn && parent.getRight() === node ? droppedBy(parent) : undefined;
  }
  return undefined;
}

function holdsPromises(type: Type): boolean {
  const item = type.isArray() ? type.getArrayElementType() : undefined;
  return item !== undefined && isPromise(item);
}
