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
  type YieldExpression,
} from "ts-morph";
import { unwrap } from "../calls/resolve-target.js";
import type { ProjectModel } from "../project/model.js";
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
  const names = new Set(
    model.files.flatMap((file) => file.getDescendantsOfKind(SyntaxKind.GetAccessor)).map((getter) => getter.getName()),
  );
  if (names.size === 0) return [];
  return model.files
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression))
    .filter((node) => names.has(node.getName()) && !isWritten(node))
    .map((node) => ({ node, targets: callables.ofSymbol(node.getSymbol()).filter(Node.isGetAccessorDeclaration) }))
    .filter(({ targets }) => targets.length > 0);
}

function isWritten(node: Node): boolean {
  const parent = node.getParent();
  return Node.isBinaryExpression(parent) && parent.getLeft() === node && parent.getOperatorToken().getText() === "=";
}

function taggedTemplates(model: ProjectModel, callables: Callables): readonly ImplicitCall[] {
  return model.files
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.TaggedTemplateExpression))
    .map((node) => ({ node, targets: callables.ofSymbol(unwrap(node.getTag()).getSymbol()) }))
    .filter(({ targets }) => targets.length > 0);
}

function iterations(model: ProjectModel, callables: Callables): readonly ImplicitCall[] {
  const iterators = model.files
    .flatMap((file) => [
      ...file.getDescendantsOfKind(SyntaxKind.MethodDeclaration),
      ...file.getDescendantsOfKind(SyntaxKind.PropertyAssignment),
    ])
    .filter((member) => ITERATOR_METHODS.includes(member.getName()))
    .flatMap((member) => {
      const initializer = Node.isPropertyAssignment(member) ? member.getInitializer() : undefined;
      const callable = initializer ? unwrap(initializer) : member;
      return isCallable(callable) ? [{ callable, owner: member.getParent() }] : [];
    });
  const generators: readonly Callable[] = [
    ...model.files.flatMap((file) => file.getDescendantsOfKind(SyntaxKind.FunctionDeclaration)),
    ...model.files.flatMap((file) => file.getDescendantsOfKind(SyntaxKind.FunctionExpression)),
    ...model.files.flatMap((file) => file.getDescendantsOfKind(SyntaxKind.MethodDeclaration)),
  ].filter((callable) => callable.getBody() !== undefined && isGenerator(callable));
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
      ...file.getDescendantsOfKind(SyntaxKind.ForOfStatement),
      ...file.getDescendantsOfKind(SyntaxKind.SpreadElement),
      ...file.getDescendantsOfKind(SyntaxKind.YieldExpression),
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
