/**
 * What a task does besides giving a result, as far as its code shows it. Careful: what is not known counts as an effect, so
 * that advice which rests on this is not given by mistake.
 */

import { type Identifier, Node, SyntaxKind } from "ts-morph";
import { isAssignment } from "../flows/is-assignment.js";
import { walkRunningCode } from "../flows/running-code.js";
import type { Declared } from "../project/declared.js";
import type { CheckFacts } from "./check.js";
import { foreignEffect } from "./foreign-effect.js";

/** The effects of a task. */
export interface TaskEffects {
  /** It changes something outside itself, or may: it writes, sends, or runs code that is not known. */
  readonly changes: boolean;
  /** It can be noticed without its result: it logs, reports progress, or throws. */
  readonly noticed: boolean;
}

/** What was found; declarations live as long as their project. */
const known = new WeakMap<Declared, TaskEffects>();

/** Answers for the tasks of a project; looks at each once, and only when asked. */
export function taskEffects(all: CheckFacts): (task: Declared) => TaskEffects {
  return (task) => {
    const found = known.get(task) ?? effectsOf(task, all);
    known.set(task, found);
    return found;
  };
}

function effectsOf(task: Declared, { model, sdk, callables, factOf }: CheckFacts): TaskEffects {
  const fact = factOf(task);
  if (!fact || !callables.runOf(task)) return { changes: true, noticed: true };
  let changes = fact.hooks.length > 0; // hooks exist for what they do
  let noticed = false;
  const program = model.project.getProgram().compilerObject;
  const isStandard = (node: Node): boolean => program.isSourceFileDefaultLibrary(node.getSourceFile().compilerNode);
  walkRunningCode({
    model,
    callables,
    owner: task,
    wants: ({ kind }) => ACTING.has(kind),
    see(node) {
      if (Node.isThrowStatement(node)) noticed = true;
      if (writesOutside(node)) changes = true;
      if (!Node.isCallExpression(node) && !Node.isNewExpression(node) && !Node.isTaggedTemplateExpression(node)) return;
      if (isOwnCode(node)) return;
      const effect = foreignEffect(node, { sdk, isStandard });
      if (effect === "change") changes = true;
      if (effect === "notice") noticed = true;
      return;
    },
  });

  /** Code of the project, which the walk follows. */
  function isOwnCode(node: Node): boolean {
    if (Node.isCallExpression(node)) return callables.ofCall(node).length > 0;
    if (!Node.isNewExpression(node)) return false;
    const symbol = node.getExpression().getSymbol();
    const declarations = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
    return declarations.some((each) => Node.isClassDeclaration(each) && model.isOwn(each.getSourceFile()));
  }

  return { changes: changes && fact.options.value.pure !== true, noticed };
}

/** Syntax that may do something. */
const ACTING: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.ThrowStatement,
  SyntaxKind.BinaryExpression,
  SyntaxKind.PrefixUnaryExpression,
  SyntaxKind.PostfixUnaryExpression,
  SyntaxKind.DeleteExpression,
  SyntaxKind.CallExpression,
  SyntaxKind.NewExpression,
  SyntaxKind.TaggedTemplateExpression,
]);

const MUTATORS = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear|append)$/;

/** Assigns to something that outlives the attempt: a variable of a module, or a member of one. */
function writesOutside(node: Node): boolean {
  if (Node.isBinaryExpression(node)) {
    return isAssignment(node.getOperatorToken().getKind()) && outlives(rootOf(node.getLeft()));
  }
  if (Node.isPrefixUnaryExpression(node) || Node.isPostfixUnaryExpression(node)) {
    const operator = node.getOperatorToken();
    const counts = operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
    return counts && outlives(rootOf(node.getOperand()));
  }
  if (Node.isDeleteExpression(node)) return outlives(rootOf(node.getExpression()));
  const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
  return Node.isPropertyAccessExpression(callee) && MUTATORS.test(callee.getName()) && outlives(rootOf(callee));
}

/** Declared outside of every function. Static members of a class are members of a name that is. */
function outlives(name: Identifier | undefined): boolean {
  return (name?.getSymbol()?.getDeclarations() ?? []).some(
    (declaration) =>
      !declaration.getFirstAncestor((above) => Node.isFunctionLikeDeclaration(above) || isFunction(above)),
  );
}

function isFunction(node: Node): boolean {
  return Node.isArrowFunction(node) || Node.isFunctionExpression(node);
}

/** The name that an expression is a member of, at any depth: `list` of `list.items[0].name`. */
function rootOf(expression: Node): Identifier | undefined {
  let at = expression;
  while (
    Node.isPropertyAccessExpression(at) ||
    Node.isElementAccessExpression(at) ||
    Node.isNonNullExpression(at) ||
    Node.isParenthesizedExpression(at) ||
    Node.isAsExpression(at)
  ) {
    at = at.getExpression();
  }
  return Node.isIdentifier(at) ? at : undefined;
}
