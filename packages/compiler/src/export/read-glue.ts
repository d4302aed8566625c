/** Reads expressions of a flow's body: what they are as data, or that they are code. */
import { type GraphNode, type JobParam, parsePath, type StepOptions } from "@millrace/core";
import { ts } from "ts-morph";
import type { FlowFunction } from "./flow-function.js";
import { type Glue, listOf, objectOf, partOf, propertiesOf, textOf } from "./glue.js";

/** A call of a task or flow. */
export type CalledNode = Extract<GraphNode, { readonly kind: "call" | "subflow" }>;

/** What a call is given. */
export interface CallGlue {
  readonly params: Readonly<Record<string, JobParam>>;
  readonly options: StepOptions | undefined;
}

/** What is read within. */
export interface GlueScope {
  readonly within: FlowFunction;
  /** Local constants by name; undefined for those that are code, which has been told. */
  readonly locals: Map<string, Glue | undefined>;
  /** All parameters that are given. */
  readonly given: Readonly<Record<string, unknown>>;
  /** A parameter of the flow; undefined for names that are none, or whose default is code. */
  param(name: string): Glue | undefined;
  /** The node of a call that stands there; undefined if the graph has none. */
  nodeAt(call: ts.CallExpression): CalledNode | undefined;
  /** A call was read. */
  called(node: CalledNode, glue: CallGlue): void;
  /** Code was met. */
  refuse(node: ts.Node, message: string): void;
}

/** A value; undefined if it is code, which has been told. */
export function readGlue(node: ts.Expression, scope: GlueScope): Glue | undefined {
  if (ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node)) return readGlue(node.expression, scope);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node))
    return readGlue(node.expression, scope);
  if (ts.isStringLiteralLike(node)) return { value: node.text };
  if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
  if (isNegative(node)) return { value: -Number(node.operand.text) };
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { value: true };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { value: false };
  if (node.kind === ts.SyntaxKind.NullKeyword) return { value: null };
  if (ts.isIdentifier(node)) return readName(node, scope);
  if (ts.isPropertyAccessExpression(node) && !node.questionDotToken) return readPart(node, node.name.text, scope);
  if (ts.isElementAccessExpression(node) && !node.questionDotToken && isIndex(node.argumentExpression))
    return readPart(node, node.argumentExpression.text, scope);
  if (ts.isArrayLiteralExpression(node)) return readList(node.elements, scope);
  if (ts.isObjectLiteralExpression(node)) return readObject(node, scope);
  if (ts.isTemplateExpression(node)) return readTemplate(node, scope);
  if (ts.isCallExpression(node)) return readCall(node, scope);
  return code(node, scope);
}

function readName(node: ts.Identifier, scope: GlueScope): Glue | undefined {
  if (node.text === "undefined") return { value: undefined };
  if (scope.locals.has(node.text)) return scope.locals.get(node.text);
  const constant = constantOf(node.text, scope.within.source);
  return constant ? readGlue(constant, scope) : code(node, scope);
}

/** The value of a constant of the module that stands there as a literal. */
function constantOf(name: string, source: ts.SourceFile): ts.Expression | undefined {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) continue;
    for (const { name: declared, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(declared) && declared.text === name && initializer && isLiteral(initializer))
        return initializer;
  }
  return undefined;
}

function readPart(
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  segment: string,
  scope: GlueScope,
): Glue | undefined {
  const { expression } = node;
  if (expression.kind === ts.SyntaxKind.ThisKeyword) {
    const param = scope.within.context === undefined ? scope.param(segment) : undefined;
    return param ?? code(node, scope);
  }
  const whole = readGlue(expression, scope);
  return whole && (partOf(whole, segment) ?? code(node, scope));
}

function readList(elements: readonly ts.Expression[], scope: GlueScope): Glue | undefined {
  const items = elements.map((element) => readGlue(element, scope));
  const known = items.filter((item) => item !== undefined);
  return known.length === items.length ? listOf(known) : undefined;
}

function readObject(node: ts.ObjectLiteralExpression, scope: GlueScope): Glue | undefined {
  const properties = new Map<string, Glue>();
  let complete = true;
  for (const property of node.properties) {
    const read = readProperty(property, scope);
    if (!read) complete = false;
    for (const [name, glue] of read ?? []) properties.set(name, glue);
  }
  return complete ? objectOf(properties) : undefined;
}

function readProperty(
  property: ts.ObjectLiteralElementLike,
  scope: GlueScope,
): Iterable<readonly [string, Glue]> | undefined {
  if (ts.isSpreadAssignment(property)) {
    const spread = readGlue(property.expression, scope);
    const properties = spread && propertiesOf(spread);
    if (spread && !properties) code(property, scope);
    return properties;
  }
  const value = ts.isPropertyAssignment(property)
    ? property.initializer
    : ts.isShorthandPropertyAssignment(property)
      ? property.name
      : undefined;
  const name = property.name && isPlainName(property.name) ? property.name.text : undefined;
  if (!value || name === undefined || parsePath(name)?.length !== 1) return void code(property, scope);
  const glue = readGlue(value, scope);
  return glue && [[name, glue]];
}

function readTemplate(node: ts.TemplateExpression, scope: GlueScope): Glue | undefined {
  const parts: (string | Glue)[] = [node.head.text];
  for (const { expression, literal } of node.templateSpans) {
    const glue = readGlue(expression, scope);
    if (!glue) return undefined;
    parts.push(glue, literal.text);
  }
  return textOf(parts) ?? code(node, scope);
}

function readCall(call: ts.CallExpression, scope: GlueScope): Glue | undefined {
  const method = methodOf(call.expression, scope);
  const node = method === "call" ? scope.nodeAt(call) : undefined;
  if (node) return readCalled(call, node, scope);
  const [first] = call.arguments;
  if (first && method === "all" && ts.isArrayLiteralExpression(first) && call.arguments.length === 1)
    return readList(first.elements, scope);
  return code(call, scope);
}

function readCalled(call: ts.CallExpression, node: CalledNode, scope: GlueScope): Glue | undefined {
  const [, given, more] = call.arguments;
  const params = given ? readGlue(given, scope) : { value: {} };
  const options = more ? readGlue(more, scope) : { value: undefined };
  const properties = params && propertiesOf(params);
  if (given && params && !properties) code(given, scope);
  if (more && options && !("value" in options)) code(more, scope);
  const known = options && "value" in options ? (options.value as StepOptions | undefined) : undefined;
  if (known && Object.hasOwn(known, "name"))
    scope.refuse(more ?? call, "Nodes are named by their ids: the option name has no place in a job graph.");
  if (properties) scope.called(node, { params: Object.fromEntries(properties), options: known });
  return { from: node.id };
}

/** The method of the flow, or of `Promise`, that is called; undefined for any other function. */
function methodOf(callee: ts.Expression, { within }: GlueScope): string | undefined {
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken) return undefined;
  const { expression: on, name } = callee;
  const isFlow = within.context === undefined ? on.kind === ts.SyntaxKind.ThisKeyword : isNamed(on, within.context);
  return isFlow || isNamed(on, "Promise") ? name.text : undefined;
}

function isNamed(node: ts.Expression, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

function code(node: ts.Node, scope: GlueScope): undefined {
  const text = node.getText(scope.within.source).replace(/\s+/g, " ");
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  scope.refuse(node, `${shown} is code: a job graph takes parts of parameters and results as they are.`);
}

function isNegative(node: ts.Expression): node is ts.PrefixUnaryExpression & { readonly operand: ts.NumericLiteral } {
  return (
    ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand)
  );
}

function isLiteral(node: ts.Expression): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isNumericLiteral(node) ||
    isNegative(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  );
}

function isIndex(node: ts.Expression): node is ts.StringLiteral | ts.NumericLiteral {
  return ts.isStringLiteral(node) || ts.isNumericLiteral(node);
}

function isPlainName(name: ts.PropertyName): name is ts.Identifier | ts.StringLiteral {
  return ts.isIdentifier(name) || ts.isStringLiteral(name);
}
