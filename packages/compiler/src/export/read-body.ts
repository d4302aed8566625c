/** Reads the statements of a flow's body, one after the other: constants, calls, and a return at the end. Anything else decides or changes something, and is code. */
import { ts } from "ts-morph";
import { type Glue, partOf } from "./glue.js";
import { type GlueScope, readGlue } from "./read-glue.js";

/** Reads a body. What it calls is told to the scope, and what is code. */
export function readBody(scope: GlueScope): void {
  const { body, params } = scope.within;
  if (params) bindParams(params, scope);
  if (!ts.isBlock(body)) return void readGlue(body, scope);
  for (const statement of body.statements) {
    if (ts.isVariableStatement(statement) && statement.declarationList.flags & ts.NodeFlags.Const)
      for (const { name, initializer } of statement.declarationList.declarations) {
        bind(name, initializer && readGlue(initializer, scope), scope);
      }
    else if (ts.isExpressionStatement(statement)) readGlue(statement.expression, scope);
    else if (ts.isReturnStatement(statement)) {
      if (statement.expression) readGlue(statement.expression, scope);
    } else if (!isType(statement))
      scope.refuse(statement, "A job graph has no such statement: it has constants, calls and what is returned.");
  }
}

/** The parameters of a function: as one object, which has no defaults, or by a pattern, which may have some. */
function bindParams(name: ts.BindingName, scope: GlueScope): void {
  if (ts.isIdentifier(name)) scope.locals.set(name.text, { value: scope.given });
  else bindParts(name, scope, { part: (key) => scope.param(key), defaults: true });
}

/** @param glue Undefined if it is code: what comes of it is told no more. */
function bind(name: ts.BindingName, glue: Glue | undefined, scope: GlueScope): void {
  if (ts.isIdentifier(name)) return void scope.locals.set(name.text, glue);
  if (glue) return bindParts(name, scope, { part: (key) => partOf(glue, key), defaults: false });
  for (const element of name.elements) if (!ts.isOmittedExpression(element)) bind(element.name, undefined, scope);
}

/** @param of What a pattern takes apart; `defaults`: those of the pattern are among its parts. */
function bindParts(
  pattern: ts.BindingPattern,
  scope: GlueScope,
  of: { part(key: string): Glue | undefined; readonly defaults: boolean },
): void {
  for (const [i, element] of pattern.elements.entries()) {
    if (ts.isOmittedExpression(element)) continue;
    const { propertyName, dotDotDotToken, initializer } = element;
    const key = ts.isArrayBindingPattern(pattern) ? String(i) : keyOf(propertyName ?? element.name);
    if (dotDotDotToken || key === undefined || (initializer && !of.defaults)) {
      bind(element.name, undefined, scope);
      scope.refuse(element, "This pattern is code: a job graph takes parts of parameters and results by their names.");
      continue;
    }
    const part = of.part(key);
    bind(element.name, part, scope);
    if (!part) scope.refuse(element, `${key} is no part that a job graph can take.`);
  }
}

function keyOf(name: ts.PropertyName | ts.BindingName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}

function isType(statement: ts.Statement): boolean {
  return ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isEmptyStatement(statement);
}
