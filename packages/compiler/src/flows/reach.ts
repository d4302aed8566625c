/**
 * Which expressions of the project lead to a step: calls on flows, calls of helpers that reach one, and array methods
 * whose callback does. Computed once, for declarations and never for one flow, since sites and stamps depend on it.
 */
import { type CallExpression, type Expression, Node, SyntaxKind, type TaggedTemplateExpression } from "ts-morph";
import { type FlowCall, findCalls } from "../calls/find-calls.js";
import { unwrap } from "../calls/resolve-target.js";
import type { ProjectModel } from "../project/model.js";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import { type Callable, type Callables, enclosingCallable, isCallable, isGenerator } from "./callables.js";
import { findImplicitCalls, type Invocation } from "./implicit-calls.js";
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
  /** True if running the function may issue a step. */
  reaches(callable: Callable): boolean;
}

/** Computes the least fixpoint over the project's functions. */
export function computeReach(model: ProjectModel, callables: Callables): Reach {
  const calls = new Map(findCalls(model).map((call) => [call.node, call]));
  const plain = model.files
    .flatMap((file) => nodesOfKind(file, SyntaxKind.CallExpression))
    .filter((node) => !calls.has(node))
    .map((node) => ({
      node,
      callee: unwrap(node.getExpression()),
      targets: callables.ofCall(node),
      references: references(callables, node.getArguments()),
    }));
  const implicit = findImplicitCalls(model, callables).map(({ node, targets }) => ({
    node,
    callee: Node.isTaggedTemplateExpression(node) ? unwrap(node.getTag()) : undefined,
    targets,
    references: Node.isTaggedTemplateExpression(node) ? references(callables, valuesIn(node)) : [],
  }));
  const others = [...plain, ...implicit];
  const reaching = new Set<Callable>();
  /** Functions that are given a function which reaches a step: what they call through parameters may reach it. */
  const receiving = new Set<Callable>();
  const procedures = new Map<Invocation, readonly Callable[]>();

  function mark(node: Node): boolean {
    let grown = false;
    // A nested function is part of the one around it: it is there that it is handed on or called.
    for (let at = enclosingCallable(node); at; at = enclosingCallable(at)) {
      if (!reaching.has(at)) grown = true;
      reaching.add(at);
    }
    return grown;
  }

  /** True for a parameter of a function that is given one which reaches a step, and that can be called. */
  const isReceived = (expression: Node): boolean => {
    const owner = parameterOwner(expression);
    return owner !== undefined && receiving.has(owner) && isFunction(expression);
  };
  const handedOn = ({ argument, functions }: Reference): boolean =>
    functions.some((f) => reaching.has(f)) || isReceived(argument);

  for (const node of calls.keys()) mark(node);
  // `thunks.map((thunk) => thunk())`: which functions a list holds is no matter of declarations.
  for (const { callee, node } of plain) {
    const owner = parameterOwner(callee);
    const around = owner?.getParentIfKind(SyntaxKind.CallExpression);
    if (!owner || !around || readCallback(around)?.callback !== owner) continue;
    if (isFunction(callee) && isPromise(node.getType())) receiving.add(owner);
  }
  for (let grown = true; grown; ) {
    grown = false;
    for (const { node, callee: expression, targets, references } of others) {
      const given = references.some(handedOn);
      if (given && targets.some((target) => !receiving.has(target))) {
        for (const target of targets) receiving.add(target);
        grown = true;
      }
      if (given || targets.some((target) => reaching.has(target))) {
        const run = Node.isCallExpression(node) ? targets.filter((target) => !isGenerator(target)) : targets;
        if (run.length > 0) procedures.set(node, run);
        grown = mark(node) || grown;
      }
      if (expression && isReceived(expression)) grown = mark(node) || grown;
    }
  }
  const callbacks = new Map<CallExpression, FramedCallback>();
  for (const { node, references } of plain) {
    if (!references.some(handedOn)) continue;
    const framed = readCallback(node);
    const reference = references.find((r) => r.argument === framed?.callback);
    if (framed && reference && handedOn(reference)) callbacks.set(node, framed);
  }
  return { calls, procedures, callbacks, reaches: (callable) => reaching.has(callable) };
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
