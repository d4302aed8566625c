/**
 * Check `floating-call`, of promises that a constant keeps: on every way to the end of its block something has to wait for
 * them. What hands a promise on (an argument, a list, an assignment) may wait for it; reading members of it does not.
 */
import { type Identifier, Node, SyntaxKind, type VariableDeclaration } from "ts-morph";
import { namesTarget } from "../calls/find-calls.js";
import { unwrap } from "../calls/resolve-target.js";
import type { Analysis } from "./analysis.js";
import { textOfCallee } from "./implicit-calls.js";
import { isPromise } from "./is-promise.js";

/** Looks at every constant that a call with a site gives its value. */
export function checkKeptPromises(analysis: Analysis): void {
  for (const node of analysis.sites.keys()) {
    const keeper = node.getParentWhile((parent) => Node.isParenthesizedExpression(parent)) ?? node;
    const declaration = keeper.getParent();
    if (!Node.isVariableDeclaration(declaration) || !isPromise(node.getType())) continue;
    const name = declaration.getNameNode();
    const verdict = Node.isIdentifier(name) ? judge(declaration, name) : undefined;
    if (!verdict) continue;
    const text = textOfCallee(node);
    analysis.report({
      code: "floating-call",
      severity: "error",
      message: `Nobody waits for the result of \`${text}\`: its promise is kept in \`${name.getText()}\`, ${verdict.because}.`,
      span: analysis.model.spanOf(node),
      related: verdict.use ? [{ span: analysis.model.spanOf(verdict.use.node), message: verdict.use.message }] : [],
      hint: `Write \`await ${text}(…)\`, or \`await ${name.getText()}\` on every way to the end.`,
      data: { call: text, site: analysis.sites.get(node) ?? null },
    });
  }
}

interface Verdict {
  readonly because: string;
  /** Where that shows. */
  readonly use?: { readonly node: Node; readonly message: string };
}

function judge(declaration: VariableDeclaration, name: Identifier): Verdict | undefined {
  const statement = declaration.getVariableStatement();
  const block = statement?.getParent();
  if (!statement || !(Node.isBlock(block) || Node.isSourceFile(block))) return undefined;
  const symbol = name.getSymbol();
  const uses = block
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter((use) => use !== name && use.getText() === name.getText() && symbolOf(use) === symbol);
  const waits = uses.filter((use) => mayWait(use));
  if (waits.length === 0) return { because: uses.length === 0 ? "which nothing reads" : "and never awaited" };
  const text = uses.find((use) => Node.isTemplateSpan(use.getParent()));
  if (text)
    return {
      because: "which is written into a text as it is",
      use: { node: text, message: "this text gets the promise, not its result" },
    };
  const after = block.getStatements().slice(block.getStatements().indexOf(statement) + 1);
  const exit = exitBefore(after, waits);
  if (exit) {
    return {
      because: "and the body may end before it is awaited",
      use: { node: exit, message: "the body may end here" },
    };
  }
  const last = after.some((each) => isCertain(each, waits));
  return last ? undefined : { because: "and not awaited on every way to the end" };
}

/** `{ city }` names the property; its value is the variable. */
function symbolOf(use: Identifier): ReturnType<Identifier["getSymbol"]> {
  const parent = use.getParent();
  return Node.isShorthandPropertyAssignment(parent) ? parent.getValueSymbol() : use.getSymbol();
}

function mayWait(use: Identifier): boolean {
  const parent = use.getParentOrThrow();
  if (Node.isPropertyAccessExpression(parent) && parent.getExpression() === use) {
    return /^(then|catch|finally)$/.test(parent.getName());
  }
  if (Node.isTemplateSpan(parent) || Node.isExpressionStatement(parent) || Node.isPrefixUnaryExpression(parent))
    return false;
  if (Node.isBinaryExpression(parent)) return parent.getOperatorToken().getKind() === SyntaxKind.EqualsToken;
  if (Node.isIfStatement(parent) || Node.isTypeQuery(parent)) return false;
  if (Node.isShorthandPropertyAssignment(parent) || Node.isPropertyAssignment(parent)) return !isParameter(parent);
  return true;
}

/** A parameter of a step takes what a promise gives, not the promise. */
function isParameter(property: Node): boolean {
  const call = property.getParent()?.getParent();
  const callee = Node.isCallExpression(call) ? unwrap(call.getExpression()) : undefined;
  return Node.isPropertyAccessExpression(callee) && namesTarget(callee.getName());
}

/** A `return` that may come before the first statement that waits for certain. */
function exitBefore(statements: readonly Node[], waits: readonly Identifier[]): Node | undefined {
  for (const statement of statements) {
    const exit = returnsOf(statement).find(
      (found) => !waits.some((wait) => isInside(wait, found) || precedes(wait, found, statement)),
    );
    if (exit) return exit;
    if (isCertain(statement, waits)) return undefined;
  }
  return undefined;
}

function returnsOf(statement: Node): readonly Node[] {
  if (Node.isReturnStatement(statement)) return [statement];
  return statement
    .getDescendantsOfKind(SyntaxKind.ReturnStatement)
    .filter((found) => !found.getAncestors().some((above) => isFunction(above) && isInside(above, statement)));
}

/** The wait stands before the return in the same statement: which of both comes first is not followed further. */
function precedes(wait: Identifier, found: Node, statement: Node): boolean {
  return isInside(wait, statement) && wait.getPos() < found.getPos();
}

/** Waits on every way through: a branch waits if both of its arms do. Loops and `try` are taken to be entered. */
function isCertain(statement: Node, waits: readonly Identifier[]): boolean {
  if (!Node.isIfStatement(statement)) return waits.some((wait) => isInside(wait, statement));
  if (waits.some((wait) => isInside(wait, statement.getExpression()))) return true;
  const otherwise = statement.getElseStatement();
  return otherwise !== undefined && arm(statement.getThenStatement(), waits) && arm(otherwise, waits);
}

function arm(statement: Node, waits: readonly Identifier[]): boolean {
  return Node.isBlock(statement)
    ? statement.getStatements().some((each) => isCertain(each, waits))
    : isCertain(statement, waits);
}

function isInside(node: Node, above: Node): boolean {
  return node === above || node.getAncestors().includes(above);
}

function isFunction(node: Node): boolean {
  return Node.isFunctionLikeDeclaration(node) || Node.isArrowFunction(node) || Node.isFunctionExpression(node);
}
