/**
 * Which task or flow the first argument of `call` names. By symbol where it is a name, else by type. Used by find-calls;
 * judges nothing: an unknown target is an answer.
 */
import { nearestName } from "@millrace/core";
import { type Expression, type Symbol as MorphSymbol, Node, SyntaxKind, type Type } from "ts-morph";
import { type Declared, instanceTypeOf } from "../project/declared.js";
import type { ProjectModel } from "../project/model.js";
import { symbolInPattern } from "./symbol-in-pattern.js";

/** What a call's first argument stands for. */
export interface CallTarget {
  /** `one`: exactly this; `either`: a conditional expression over two known ones; `unknown`: decided while running. */
  readonly type: "one" | "either" | "unknown";
  /** What it may be, in order of the expression, else of declaration. */
  readonly candidates: readonly Declared[];
  /** True if it may be something that is not among the candidates. */
  readonly open: boolean;
  /** Source text without type arguments, `A|B` for a conditional expression: the callee part of a site. */
  readonly text: string;
  /** Condition of `either`. */
  readonly condition: Expression | undefined;
  /** Why it is unknown. */
  readonly reason: string | undefined;
}

/** Resolves the first argument of a `call`. */
export function resolveTarget(model: ProjectModel, expression: Expression): CallTarget {
  const bare = unwrap(expression);
  const text = plainText(bare);
  if (Node.isConditionalExpression(bare)) {
    const left = resolveTarget(model, bare.getWhenTrue());
    const right = resolveTarget(model, bare.getWhenFalse());
    const both = `${left.text}|${right.text}`;
    const candidates = unique([...left.candidates, ...right.candidates]);
    if (left.type === "one" && right.type === "one") {
      return { type: "either", candidates, open: false, text: both, condition: bare.getCondition(), reason: undefined };
    }
    return {
      ...unknown(both, candidates, "the condition chooses among more than two"),
      open: left.open || right.open,
    };
  }
  if (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare)) {
    const id = bare.getLiteralText();
    const named = model.declarations.filter((d) => d.id === id);
    if (named.length === 1) return one(text, named);
    const near = nearestName(
      id,
      model.declarations.map((declared) => declared.id),
    );
    const advice = near === undefined || near === id ? "" : ` (did you mean "${near}"?)`;
    return unknown(text, named, `no task or flow has the id "${id}"${advice}`);
  }
  const declared = declaredBySymbol(model, bare);
  if (declared) return one(text, [declared]);
  return byType(model, bare, text);
}

/** The expression behind parentheses, type assertions and type arguments. */
export function unwrap(expression: Expression): Expression {
  let at: Expression = expression;
  while (
    Node.isParenthesizedExpression(at) ||
    Node.isAsExpression(at) ||
    Node.isSatisfiesExpression(at) ||
    Node.isNonNullExpression(at) ||
    Node.isExpressionWithTypeArguments(at) ||
    Node.isTypeAssertion(at)
  ) {
    at = at.getExpression();
  }
  return at;
}

/** Source text of an expression on one line, without type arguments. */
export function plainText(expression: Expression): string {
  const bare = unwrap(expression);
  if (Node.isPropertyAccessExpression(bare)) return `${plainText(bare.getExpression())}.${bare.getName()}`;
  return bare.getText().replace(/\s+/g, " ");
}

function declaredBySymbol(model: ProjectModel, expression: Expression): Declared | undefined {
  return declaredAs(model, expression.getSymbol());
}

function declaredAs(model: ProjectModel, symbol: MorphSymbol | undefined): Declared | undefined {
  for (const declaration of (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? []) {
    const declared = model.declaredBy(declaration);
    if (declared || Node.isClassDeclaration(declaration)) return declared;
    if (Node.isBindingElement(declaration)) return declaredAs(model, symbolInPattern(declaration));
    if (Node.isVariableDeclaration(declaration)) {
      const constant = declaration.getVariableStatement()?.getDeclarationKind() === "const";
      const initializer = declaration.getInitializer();
      if (constant && initializer && unwrap(initializer).getKind() === SyntaxKind.Identifier) {
        return declaredBySymbol(model, unwrap(initializer));
      }
    }
  }
  return undefined;
}

function byType(model: ProjectModel, expression: Expression, text: string): CallTarget {
  const type = expression.getType();
  if (type.isAny() || type.isUnknown()) {
    return { ...unknown(text, model.declarations, `\`${text}\` has no type that names a task or flow`), open: true };
  }
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  const candidates = model.declarations.filter((d) => members.some((member) => mayBe(d, member)));
  return {
    ...unknown(text, candidates, `\`${text}\` is a value, not the name of a task or flow`),
    open: candidates.length === 0,
  };
}

/** A variable of type `typeof A` holds A or a subclass of it; a string holds any id. */
function mayBe(declared: Declared, type: Type): boolean {
  if (type.isStringLiteral()) return type.getLiteralValue() === declared.id;
  if (type.isString()) return true;
  const constraint = type.isTypeParameter() ? type.getConstraint() : type;
  const instances = (constraint ?? type).getConstructSignatures().map((signature) => signature.getReturnType());
  const own = instanceTypeOf(declared);
  return instances.some((instance) => own?.isAssignableTo(instance));
}

function one(text: string, candidates: readonly Declared[]): CallTarget {
  return { type: "one", candidates, open: false, text, condition: undefined, reason: undefined };
}

function unknown(text: string, candidates: readonly Declared[], reason: string): CallTarget {
  return { type: "unknown", candidates, open: candidates.length === 0, text, condition: undefined, reason };
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
