/** Evaluates expressions other than calls: a table from syntax kind to rule; what has no rule derives from all its parts. */
import { type Identifier, type SyntaxKind as Kind, Node, SyntaxKind } from "ts-morph";
import { plainText, unwrap } from "../../calls/resolve-target.js";
import { isCallable } from "../callables.js";
import { choice } from "../source.js";
import type { Value } from "../value.js";
import { NOTHING, withPromise, withSources } from "../values.js";
import { assign } from "./assignments.js";
import { chooseBetween } from "./branches.js";
import { evaluateCall, evaluateNew, evaluateTagged, inlineGetter } from "./calls.js";
import { heldPromise, noteAwait } from "./foreign.js";
import { yieldInto } from "./iterations.js";
import { arrayLiteral, literalName, objectLiteral } from "./literals.js";
import type { Place } from "./place.js";
import { project } from "./projections.js";
import { settle } from "./settle.js";
import type { Walk } from "./walk.js";

type Rule = (walk: Walk, node: Node, at: Place) => Value;

/** The value of an expression. */
export function evaluate(walk: Walk, node: Node, at: Place): Value {
  const rule = RULES[node.getKind()];
  return rule ? rule(walk, node, at) : deriveFromParts(walk, node, at);
}

/** Ties a rule to the node type that its kind guarantees. */
function rule<T extends Node>(
  is: (node: Node | undefined) => node is T,
  apply: (walk: Walk, node: T, at: Place) => Value,
): Rule {
  return (walk, node, at) => (is(node) ? apply(walk, node, at) : deriveFromParts(walk, node, at));
}

const nothing: Rule = () => NOTHING;
const inner: Rule = (walk, node, at) => (Node.isExpressioned(node) ? walk.evaluate(node.getExpression(), at) : NOTHING);

const RULES: Partial<Record<Kind, Rule>> = {
  [SyntaxKind.StringLiteral]: nothing,
  [SyntaxKind.NumericLiteral]: nothing,
  [SyntaxKind.BigIntLiteral]: nothing,
  [SyntaxKind.RegularExpressionLiteral]: nothing,
  [SyntaxKind.NoSubstitutionTemplateLiteral]: nothing,
  [SyntaxKind.ClassExpression]: nothing,
  [SyntaxKind.MetaProperty]: nothing,
  [SyntaxKind.ParenthesizedExpression]: inner,
  [SyntaxKind.AsExpression]: inner,
  [SyntaxKind.SatisfiesExpression]: inner,
  [SyntaxKind.TypeAssertionExpression]: inner,
  [SyntaxKind.NonNullExpression]: inner,
  [SyntaxKind.ThisKeyword]: (_walk, _node, at) => at.scope.self,
  [SyntaxKind.SuperKeyword]: (_walk, _node, at) => at.scope.self,
  [SyntaxKind.Identifier]: rule(Node.isIdentifier, (walk, node, at) => variable(walk, node, at)),
  [SyntaxKind.AwaitExpression]: rule(Node.isAwaitExpression, (walk, node, at) => {
    const value = walk.evaluate(node.getExpression(), at);
    noteAwait(walk, node.getExpression(), value, at);
    settle(walk, value, at);
    return withPromise(value, undefined);
  }),
  [SyntaxKind.PropertyAccessExpression]: rule(Node.isPropertyAccessExpression, (walk, node, at) => {
    const object = walk.evaluate(node.getExpression(), at);
    const value = inlineGetter(walk, node, object, at) ?? project(walk, object, node.getName());
    return value === NOTHING ? heldPromise(walk, node) : value;
  }),
  [SyntaxKind.ElementAccessExpression]: rule(Node.isElementAccessExpression, (walk, node, at) => {
    const object = walk.evaluate(node.getExpression(), at);
    const argument = node.getArgumentExpression();
    const name = argument && literalName(argument);
    if (name !== undefined) return project(walk, object, name);
    const key = argument ? walk.evaluate(argument, at) : NOTHING;
    return withSources(project(walk, object, undefined), choice(walk.state.deep(key)));
  }),
  [SyntaxKind.ObjectLiteralExpression]: objectLiteral,
  [SyntaxKind.ArrayLiteralExpression]: arrayLiteral,
  [SyntaxKind.ArrowFunction]: closure,
  [SyntaxKind.FunctionExpression]: closure,
  [SyntaxKind.ConditionalExpression]: rule(Node.isConditionalExpression, (walk, node, at) => {
    const condition = walk.state.deep(walk.evaluate(node.getCondition(), at));
    const arms = [
      ["then", node.getWhenTrue()],
      ["else", node.getWhenFalse()],
    ] as const;
    const text = node.getCondition().getText();
    return chooseBetween(walk, node, { condition, text, arms, value: true }, at);
  }),
  [SyntaxKind.BinaryExpression]: binary,
  [SyntaxKind.PrefixUnaryExpression]: rule(Node.isPrefixUnaryExpression, (walk, node, at) => {
    const value = walk.state.derive([walk.evaluate(node.getOperand(), at)]);
    const token = node.getOperatorToken();
    if (token === SyntaxKind.PlusPlusToken || token === SyntaxKind.MinusMinusToken) {
      assign(walk, node.getOperand(), value, at);
    }
    return value;
  }),
  [SyntaxKind.PostfixUnaryExpression]: rule(Node.isPostfixUnaryExpression, (walk, node, at) => {
    const value = walk.state.derive([walk.evaluate(node.getOperand(), at)]);
    assign(walk, node.getOperand(), value, at);
    return value;
  }),
  [SyntaxKind.YieldExpression]: rule(Node.isYieldExpression, (walk, node, at) => {
    yieldInto(walk, node, at);
    return NOTHING;
  }),
  [SyntaxKind.VoidExpression]: rule(Node.isVoidExpression, (walk, node, at) => {
    walk.evaluate(node.getExpression(), at);
    return NOTHING;
  }),
  [SyntaxKind.TaggedTemplateExpression]: rule(Node.isTaggedTemplateExpression, (walk, node, at) =>
    evaluateTagged(walk, node, at),
  ),
  [SyntaxKind.CallExpression]: rule(Node.isCallExpression, (walk, node, at) => evaluateCall(walk, node, at)),
  [SyntaxKind.NewExpression]: rule(Node.isNewExpression, (walk, node, at) => evaluateNew(walk, node, at)),
};

function deriveFromParts(walk: Walk, node: Node, at: Place): Value {
  const parts: Value[] = [];
  node.forEachChild((child) => {
    if (Node.isTypeNode(child)) return;
    if (Node.isExpression(child) || Node.isTemplateSpan(child) || Node.isSpreadElement(child)) {
      parts.push(walk.evaluate(child, at));
    }
  });
  return walk.state.derive(parts);
}

function variable(walk: Walk, node: Identifier, at: Place): Value {
  const written = node.getSymbol();
  const symbol = written?.getAliasedSymbol() ?? written;
  if (!symbol) return NOTHING;
  const slot = at.scope.find(symbol);
  if (slot !== undefined) return walk.state.slots.get(slot) ?? NOTHING;
  for (const declaration of symbol.getDeclarations()) {
    const names = walk.analysis.model.declaredBy(declaration);
    if (names) return { ...NOTHING, names };
  }
  const functions = walk.analysis.callables.ofSymbol(symbol).map((callable) => ({ callable, scope: walk.moduleScope }));
  if (functions.length > 0) return { ...NOTHING, functions };
  const value = moduleConstant(walk, symbol.getValueDeclaration(), at);
  return value === NOTHING ? heldPromise(walk, node) : value;
}

/** Objects of functions and the like at the top of a module. */
function moduleConstant(walk: Walk, declaration: Node | undefined, at: Place): Value {
  if (!Node.isVariableDeclaration(declaration)) return NOTHING;
  if (!walk.analysis.model.isOwn(declaration.getSourceFile())) return NOTHING;
  const initializer = declaration.getInitializer();
  const bare = initializer && unwrap(initializer);
  return Node.isObjectLiteralExpression(bare) ? walk.evaluate(bare, at) : NOTHING;
}

function closure(_walk: Walk, node: Node, at: Place): Value {
  return isCallable(node) ? { ...NOTHING, functions: [{ callable: node, scope: at.scope }] } : NOTHING;
}

function binary(walk: Walk, node: Node, at: Place): Value {
  if (!Node.isBinaryExpression(node)) return NOTHING;
  const operator = node.getOperatorToken().getText();
  const left = node.getLeft();
  const right = node.getRight();
  if (operator === "=") {
    const value = walk.evaluate(right, at);
    assign(walk, left, value, at);
    return value;
  }
  if (operator === "&&" || operator === "||" || operator === "??") return shortCircuit(walk, node, at);
  if (operator === "&&=" || operator === "||=" || operator === "??=") {
    const before = walk.evaluate(left, at);
    const condition = walk.state.deep(before);
    const arms = [
      ["left", undefined],
      ["right", right],
    ] as const;
    const choosing = { condition, text: left.getText(), arms, value: true, absent: before };
    const value = chooseBetween(walk, node, choosing, at);
    assign(walk, left, value, at);
    return value;
  }
  if (operator === ",") {
    walk.evaluate(left, at);
    return walk.evaluate(right, at);
  }
  const value = walk.state.derive([walk.evaluate(left, at), walk.evaluate(right, at)]);
  if (/^[^=!<>]+=$/.test(operator)) assign(walk, left, value, at);
  return value;
}

/** `&&`, `||`, `??`: the left side is a value that may arrive and the condition of the right side. */
function shortCircuit(walk: Walk, node: Node, at: Place): Value {
  if (!Node.isBinaryExpression(node)) return NOTHING;
  const text = plainText(node.getLeft());
  const branch = walk.draft(node, "branch", at, { kind: "branch", detail: { text } });
  const first = walk.evaluate(node.getLeft(), { ...at, parent: branch, arm: "left" });
  const condition = walk.state.deep(first);
  const arms = [
    ["left", undefined],
    ["right", node.getRight()],
  ] as const;
  return chooseBetween(walk, node, { condition, text, arms, value: true, absent: first }, at);
}
