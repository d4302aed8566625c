/** Promises that are no step's, on their way through the walk: where they come from, and where the body waits for them. */
import { type Identifier, Node, type PropertyAccessExpression, SyntaxKind } from "ts-morph";
import { isThenable, type Maker } from "../foreign-promises.js";
import { isIterating } from "../implicit-calls.js";
import { all, foreignPart, foreignPromise } from "../promises.js";
import type { Closure, Promised, Value } from "../value.js";
import { NOTHING, withPromise } from "../values.js";
import type { Place } from "./place.js";
import type { Walk } from "./walk.js";

/**
 * What an `await` of a call that is not followed waits for. `given` are its receiver and its arguments, `returned` is what
 * functions among them return. Whoever is handed a step, the flow, or a function that leads to one may wait for steps.
 */
export function promiseOfForeign(
  walk: Walk,
  node: Maker,
  given: readonly Value[],
  returned: Value,
): Promised | undefined {
  const { foreign } = walk.analysis;
  if (foreign.opensResource(node)) return foreignPromise([node]);
  const owner = foreign.packageOf(node);
  const makes = foreign.makes(node);
  if ([...given, returned].some((value) => mayWaitForSteps(walk, value))) {
    if (owner !== undefined) walk.graph.entrusted.add(owner);
    return undefined;
  }
  if (makes) return foreignPromise([node]);
  // The language's own functions hand on what they are given; of a package's, nobody knows.
  if (owner !== undefined) return undefined;
  return foreignPart(all([...given, returned].map(({ promise }) => promise)));
}

/** The promise in a variable or field that the walk has seen nobody write: of a module, of the flow, of a package. */
export function heldPromise(walk: Walk, name: Identifier | PropertyAccessExpression): Value {
  const origins = isHandedOn(name) ? walk.analysis.foreign.heldBy(name) : [];
  return origins.length > 0 ? withPromise(NOTHING, foreignPromise(origins)) : NOTHING;
}

/** False where a value is only looked at: to find out what it holds takes long, and nobody waits for it there. */
function isHandedOn(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent)) return /^(then|catch|finally)$/.test(parent.getName());
  if (Node.isBinaryExpression(parent)) return /^((\?\?|\|\||&&)=?|=|,)$/.test(parent.getOperatorToken().getText());
  if (Node.isConditionalExpression(parent)) return parent.getCondition() !== node && isHandedOn(parent);
  if (Node.isParenthesizedExpression(parent) || Node.isAsExpression(parent) || Node.isNonNullExpression(parent)) {
    return isHandedOn(parent);
  }
  return !(
    Node.isPrefixUnaryExpression(parent) ||
    Node.isPostfixUnaryExpression(parent) ||
    Node.isTemplateSpan(parent) ||
    Node.isIfStatement(parent) ||
    (Node.isElementAccessExpression(parent) && parent.getExpression() === node)
  );
}

/** Notes that the body waits for a value; `node` is what is awaited, or iterated by `for await` and `yield*`. */
export function noteAwait(walk: Walk, node: Node, { promise }: Value, at: Place): void {
  if (at.aside || !promise || promise.foreign.length === 0) return;
  const iterates = isIterating(node.getParent());
  const origins = iterates ? promise.foreign : promise.foreign.filter((origin) => isThenable(origin.getType()));
  if (origins.length === 0) return;
  const way = at.stack.slice(1).map(({ call }) => call);
  walk.graph.foreignAwaits.push({ node, origins, way });
}

function mayWaitForSteps(walk: Walk, value: Value, seen: Set<number> = new Set()): boolean {
  const { promise, functions, generators = [] } = value;
  if (value.self || (promise && promise.fulfilled.length + promise.winners.length > 0)) return true;
  const closures = [...functions, ...generators.map(({ closure }) => closure)];
  if (closures.some((closure) => leadsToStep(walk, closure))) return true;
  return value.refs.some((id) => {
    const cell = seen.has(id) ? undefined : walk.state.cells.get(id);
    seen.add(id);
    return cell && [cell.rest, ...cell.props.values()].some((part) => mayWaitForSteps(walk, part, seen));
  });
}

/** It calls one, or sees a variable that holds the promise of one. */
function leadsToStep(walk: Walk, { callable, scope }: Closure): boolean {
  if (walk.analysis.reach.reaches(callable)) return true;
  return callable.getDescendantsOfKind(SyntaxKind.Identifier).some((name) => {
    const symbol = name.getSymbol();
    const slot = symbol && scope.find(symbol);
    const promise = slot === undefined ? undefined : walk.state.slots.get(slot)?.promise;
    return promise !== undefined && promise.fulfilled.length + promise.winners.length > 0;
  });
}
