/**
 * Expressions that run a function of the project though they are no calls: reading an accessor, a tagged template, and
 * iterating over a generator or an iterable of the project. Found by name first: a project without any asks the checker nothing.
 */
import {
  type CallExpression,
  type Expression,
  type ForOfStatement,
  Node,
  type PropertyAccessExpression,
  type SpreadElement,
  SyntaxKind,
  type TaggedTemplateExpression,
  ts,
  type YieldExpression,
} from "ts-morph";
import { unwrap } from "../calls/resolve-target.js";
import type { ProjectModel } from "../project/model.js";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import { type Callable, type Callables, isCallable, isGenerator } from "./callables.js";
import { isArray } from "./is-array.js";

/** What iterates over something. */
export type Iterating = ForOfStatement | SpreadElement | YieldExpression;

/** A node that runs a function of the project. */
export type Invocation = CallExpression | PropertyAccessExpression | TaggedTemplateExpression | Iterating;

/** One of them. */
export interface ImplicitCall {
  readonly node: Exclude<Invocation, CallExpression>;
  readonly targets: readonly Callable[];
}

/** Names of the methods that iterations call. */
export const ITERATOR_METHODS: readonly string[] = ["[Symbol.asyncIterator]", "[Symbol.iterator]"];

/** All of a project, in no particular order. */
export function findImplicitCalls(model: ProjectModel, callables: Callables): readonly ImplicitCall[] {
  return [...accessors(model, callables), ...taggedTemplates(model, callables), ...iterations(model, callables)];
}

/** True for what iterates over its expression: `yield` alone does not. */
export function isIterating(node: Node | undefined): node is Iterating {
  return (
    Node.isForOfStatement(node) ||
    Node.isSpreadElement(node) ||
    (Node.isYieldExpression(node) && node.compilerNode.asteriskToken !== undefined)
  );
}

/** What is iterated. */
export function iteratedBy(node: Iterating): Expression | undefined {
  return node.getExpression();
}

/** What is run, as the source says it. */
export function textOfCallee(node: Invocation): string {
  if (Node.isPropertyAccessExpression(node)) return node.getText();
  if (Node.isTaggedTemplateExpression(node)) return node.getTag().getText();
  return node.getExpression()?.getText() ?? "";
}

function accessors(model: ProjectModel, callables: Callables): readonly ImplicitCall[] {
  const mayRun = ({ name }: ts.PropertyAccessExpression): boolean => callables.names.mayBeAccessor(name.text);
  return model.files
    .flatMap((file) => nodesOfKind(file, SyntaxKind.PropertyAccessExpression, mayRun))
    .filter((node) => !isWritten(node))
    .map((node) => ({ node, targets: callables.accessorsOf(node).filter(Node.isGetAccessorDeclaration) }))
    .filter(({ targets }) => targets.length > 0);
}

function isWritten(node: Node): boolean {
  const parent = node.getParent();
  return Node.isBinaryExpression(parent) && parent.getLeft() === node && parent.getOperatorToken().getText() === "=";
}

function taggedTemplates(model: ProjectModel, callables: Callables): readonly ImplicitCall[] {
  return model.files
    .flatMap((file) => nodesOfKind(file, SyntaxKind.TaggedTemplateExpression))
    .map((node) => ({ node, targets: callables.ofExpression(unwrap(node.getTag())) }))
    .filter(({ targets }) => targets.length > 0);
}

function iterations(model: ProjectModel, callables: Callables): readonly ImplicitCall[] {
  const isIterator = ({ name }: { readonly name: ts.PropertyName }): boolean =>
    ts.isComputedPropertyName(name) && ITERATOR_METHODS.includes(name.getText());
  const iterators = model.files
    .flatMap((file) => [
      ...nodesOfKind(file, SyntaxKind.MethodDeclaration, isIterator),
      ...nodesOfKind(file, SyntaxKind.PropertyAssignment, isIterator),
    ])
    .flatMap((member) => {
      const initializer = Node.isPropertyAssignment(member) ? member.getInitializer() : undefined;
      const callable = initializer ? unwrap(initializer) : member;
      return isCallable(callable) ? [{ callable, owner: member.getParent() }] : [];
    });
  const generates = ({ asteriskToken, body }: ts.FunctionLikeDeclaration): boolean =>
    asteriskToken !== undefined && body !== undefined;
  const generators: readonly Callable[] = [
    ...model.files.flatMap((file) => nodesOfKind(file, SyntaxKind.FunctionDeclaration, generates)),
    ...model.files.flatMap((file) => nodesOfKind(file, SyntaxKind.FunctionExpression, generates)),
    ...model.files.flatMap((file) => nodesOfKind(file, SyntaxKind.MethodDeclaration, generates)),
  ];
  const all = [...new Set<Callable>([...iterators.map(({ callable }) => callable), ...generators])];
  if (all.length === 0) return [];
  const targetsOf = (expression: Expression): readonly Callable[] => {
    const bare = unwrap(expression);
    const called = Node.isCallExpression(bare) ? callables.ofCall(bare).filter(isGenerator) : [];
    if (called.length > 0) return called;
    if (isArray(expression)) return [];
    const symbol = expression.getType().getSymbol();
    if (/^(Async)?(Generator|Itera(ble|tor)\w*)$/.test(symbol?.getName() ?? "")) return all;
    const owners = symbol?.getDeclarations() ?? [];
    return iterators
      .filter(({ owner }) => owners.some((each) => each === owner || isHeir(each, owner)))
      .map(({ callable }) => callable);
  };
  return model.files
    .flatMap((file): Node[] => [
      ...nodesOfKind(file, SyntaxKind.ForOfStatement),
      ...nodesOfKind(file, SyntaxKind.SpreadElement),
      ...nodesOfKind(file, SyntaxKind.YieldExpression),
    ])
    .filter(isIterating)
    .map((node) => {
      const expression = iteratedBy(node);
      return { node, targets: expression ? targetsOf(expression) : [] };
    })
    .filter(({ targets }) => targets.length > 0);
}

/** True for a class that inherits from another, and for an interface, which any class may implement. */
function isHeir(type: Node, owner: Node | undefined): boolean {
  if (Node.isInterfaceDeclaration(type)) return true;
  for (let at = Node.isClassDeclaration(type) ? type.getBaseClass() : undefined; at; at = at.getBaseClass()) {
    if (at === owner) return true;
  }
  return false;
}
