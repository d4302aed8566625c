/**
 * Which expressions of the project lead to a step: calls on flows, calls of helpers that reach one, and array methods
 * whose callback does. Computed once, for declarations and never for one flow, since sites and stamps depend on it.
 */
import { type CallExpression, type Expression, Node, SyntaxKind, type TaggedTemplateExpression, ts } from "ts-morph";
import { type FlowCall, findCalls } from "../calls/find-calls.js";
import { unwrap } from "../calls/resolve-target.js";
import { isTransparent } from "../fingerprint/running-syntax.js";
import type { ProjectModel } from "../project/model.js";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import { type Callable, type Callables, enclosingCallable, isCallable, isGenerator } from "./callables.js";
import { CallsByName } from "./calls-by-name.js";
import { findImplicitCalls, type ImplicitCall, type Invocation } from "./implicit-calls.js";
import { isArray } from "./is-array.js";
import { isPromise } from "./is-promise.js";

/** Array methods whose callbacks run in frames. */
export const FRAMED_METHODS: ReadonlySet<string> = new Set(["map", "flatMap", "forEach"]);

/** An array method, or `Array.from`, whose callback leads to a step. */
export interface FramedCallback {
  readonly node: CallExpression;
  /** `map`, `flatMap`, `forEach` or `from`. */
  readonly method: string;
  /** What is iterated. */
  readonly items: Expression;
  readonly callback: Expression;
}

/** What leads to a step. */
export interface Reach {
  readonly calls: ReadonlyMap<CallExpression, FlowCall>;
  /** What runs a helper that leads to a step, and which helpers that may be. Making a generator runs nothing: iterating it does. */
  readonly procedures: ReadonlyMap<Invocation, readonly Callable[]>;
  readonly callbacks: ReadonlyMap<CallExpression, FramedCallback>;
  /** Functions that may issue a step when they run. */
  readonly reaching: ReadonlySet<Callable>;
  /** True for one of them. */
  reaches(callable: Callable): boolean;
}

/** Computes the least fixpoint over the project's functions. */
export function computeReach(model: ProjectModel, callables: Callables): Reach {
  const calls = new Map(findCalls(model).map((call) => [call.node, call]));
  const byName = new CallsByName(model.files);
  const uses = new Map<Invocation, Use>();
  const reaching = new Set<Callable>();
  /** Functions that are given a function which reaches a step: what they call through parameters may reach it. */
  const receiving = new Set<Callable>();
  const procedures = new Map<Invocation, readonly Callable[]>();

  function use(node: CallExpression): void {
    if (!uses.has(node) && !calls.has(node)) uses.set(node, useOf(callables, node));
  }

  function mark(node: Node): boolean {
    let grown = false;
    // A nested function is part of the one around it: it is there that it is handed on or called.
    for (let at = enclosingCallable(node); at; at = enclosingCallable(at)) {
      if (reaching.has(at)) continue;
      grown = true;
      reaching.add(at);
      byName.of(at).forEach(use);
      callsAround(at).forEach(use);
    }
    return grown;
  }

  function receive(callable: Callable): boolean {
    if (receiving.has(callable)) return false;
    receiving.add(callable);
    byName.ofParameters(callable).forEach(use);
    return true;
  }

  /** True for a parameter of a function that is given one which reaches a step, and that can be called. */
  const isReceived = (expression: Node): boolean => {
    const owner = parameterOwner(expression);
    return owner !== undefined && receiving.has(owner) && isFunction(expression);
  };
  const handedOn = ({ argument, functions }: Reference): boolean =>
    functions.some((f) => reaching.has(f)) || isReceived(argument);

  for (const node of calls.keys()) mark(node);
  for (const implicit of findImplicitCalls(model, callables)) uses.set(implicit.node, implicitUse(callables, implicit));
  // `thunks.map((thunk) => thunk())`: which functions a list holds is no matter of declarations.
  for (const { node, owner } of callsOfItems(model)) {
    if (isFunction(node.getExpression()) && isPromise(node.getType())) receive(owner);
  }
  for (let grown = true; grown; ) {
    grown = false;
    // A map shows what is added while it is gone through.
    for (const [node, { callee, targets, references }] of uses) {
      const given = references.some(handedOn);
      if (given) for (const target of targets) grown = receive(target) || grown;
      if (given || targets.some((target) => reaching.has(target))) {
        const run = Node.isCallExpression(node) ? targets.filter((target) => !isGenerator(target)) : targets;
        if (run.length > 0) procedures.set(node, run);
        grown = mark(node) || grown;
      }
      if (callee && isReceived(callee)) grown = mark(node) || grown;
    }
  }
  const callbacks = new Map<CallExpression, FramedCallback>();
  for (const [node, { references }] of uses) {
    if (!Node.isCallExpression(node) || !references.some(handedOn)) continue;
    const framed = readCallback(node);
    const reference = references.find((r) => r.argument === framed?.callback);
    if (framed && reference && handedOn(reference)) callbacks.set(node, framed);
  }
  return { calls, procedures, callbacks, reaching, reaches: (callable) => reaching.has(callable) };
}

/** What a node may run, and what it hands on. */
interface Use {
  readonly callee: Node | undefined;
  readonly targets: readonly Callable[];
  readonly references: readonly Reference[];
}

function useOf(callables: Callables, node: CallExpression): Use {
  const callee = unwrap(node.getExpression());
  return { callee, targets: callables.ofCall(node), references: references(callables, node.getArguments()) };
}

function implicitUse(callables: Callables, { node, targets }: ImplicitCall): Use {
  if (!Node.isTaggedTemplateExpression(node)) return { callee: undefined, targets, references: [] };
  return { callee: unwrap(node.getTag()), targets, references: references(callables, valuesIn(node)) };
}

/** Calls in whose callee or arguments a function stands. */
function callsAround(callable: Callable): readonly CallExpression[] {
  const around: CallExpression[] = [];
  for (let at: Node | undefined = callable.getParent(); at && !isCallable(at); at = at.getParent()) {
    if (Node.isCallExpression(at)) around.push(at);
  }
  return around;
}

/** Calls of what the callback of an array method is given, with the callback. */
function callsOfItems(model: ProjectModel): readonly { readonly node: CallExpression; readonly owner: Callable }[] {
  return model.files
    .flatMap((file) => nodesOfKind(file, SyntaxKind.CallExpression, callsParameter))
    .flatMap((node) => {
      const owner = parameterOwner(node.getExpression());
      const around = owner?.getParentIfKind(SyntaxKind.CallExpression);
      return owner && around && readCallback(around)?.callback === owner ? [{ node, owner }] : [];
    });
}

/** True if the callee has the name of a parameter of a callback around it. */
function callsParameter({ expression, parent }: ts.CallExpression): boolean {
  let callee: ts.Expression = expression;
  while (isTransparent(callee)) callee = callee.expression;
  const name = ts.isIdentifier(callee) ? callee.text : undefined;
  for (let at: ts.Node = parent; name !== undefined && !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isArrowFunction(at) && !ts.isFunctionExpression(at)) continue;
    const owns = at.parameters.some((parameter) => ts.isIdentifier(parameter.name) && parameter.name.text === name);
    if (owns) return ts.isCallExpression(at.parent);
  }
  return false;
}

/** An argument that hands a function on. */
interface Reference {
  readonly argument: Node;
  readonly functions: readonly Callable[];
}

/** What a template hands to its tag. */
export function valuesIn(node: TaggedTemplateExpression): readonly Expression[] {
  const template = node.getTemplate();
  return Node.isTemplateExpression(template) ? template.getTemplateSpans().map((span) => span.getExpression()) : [];
}

function references(callables: Callables, given: readonly Node[]): readonly Reference[] {
  return given.flatMap((argument): readonly Reference[] => {
    const bare = Node.isExpression(argument) ? unwrap(argument) : argument;
    if (isCallable(bare)) return [{ argument, functions: [bare] }];
    if (Node.isIdentifier(bare) || Node.isPropertyAccessExpression(bare)) {
      return [{ argument, functions: callables.ofExpression(bare) }];
    }
    const functions = bare.getDescendants().filter(isCallable) as Callable[]; // the guard decides
    return functions.length > 0 ? [{ argument, functions }] : [];
  });
}

/** The function of which the expression is a parameter. */
function parameterOwner(expression: Node): Callable | undefined {
  const bare = Node.isExpression(expression) ? unwrap(expression) : expression;
  const declaration = Node.isIdentifier(bare) ? bare.getSymbol()?.getDeclarations()[0] : undefined;
  const owner = Node.isParameterDeclaration(declaration) ? declaration.getParent() : undefined;
  return isCallable(owner) ? owner : undefined;
}

/** True for what can be called. */
function isFunction(expression: Node): boolean {
  return expression.getType().getCallSignatures().length > 0;
}

function readCallback(node: CallExpression): FramedCallback | undefined {
  const callee = unwrap(node.getExpression());
  if (!Node.isPropertyAccessExpression(callee) || node.hasQuestionDotToken()) return undefined;
  const [first, second] = node.getArguments().filter(Node.isExpression);
  const method = callee.getName();
  if (method === "from" && callee.getExpression().getText() === "Array" && first && second) {
    return { node, method, items: first, callback: second };
  }
  const receiver = callee.getExpression();
  if (!FRAMED_METHODS.has(method) || !first || !isArray(receiver)) return undefined;
  return { node, method, items: receiver, callback: first };
}
