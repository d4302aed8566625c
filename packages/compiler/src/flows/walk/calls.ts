/** Calls that are no steps themselves: helpers, callbacks, getters, constructors. Decides what runs and walks it. */
import {
  type CallExpression,
  type ClassDeclaration,
  type Expression,
  type NewExpression,
  Node,
  type PropertyAccessExpression,
  type TaggedTemplateExpression,
} from "ts-morph";
import { combinatorOf } from "../../calls/combinators.js";
import { plainText, unwrap } from "../../calls/resolve-target.js";
import { valuesIn } from "../reach.js";
import type { Closure, Value } from "../value.js";
import { NOTHING, withPromise } from "../values.js";
import { evaluateArguments } from "./arguments.js";
import { evaluateBuiltin } from "./builtins.js";
import { runMap } from "./callbacks.js";
import { combine } from "./combinators.js";
import { promiseOfForeign } from "./foreign.js";
import { hideCallbacks, hideGenerators } from "./hidden-callbacks.js";
import { construct } from "./inline.js";
import { issue } from "./issue.js";
import type { Place } from "./place.js";
import { runHelpers } from "./procedures.js";
import { itemOf, project } from "./projections.js";
import type { Walk } from "./walk.js";

/** The value of a call. */
export function evaluateCall(walk: Walk, node: CallExpression, at: Place): Value {
  const { reach } = walk.analysis;
  const flowCall = reach.calls.get(node);
  if (flowCall) return issue(walk, flowCall, at);
  const combinator = combinatorOf(walk.analysis.model, node);
  if (combinator) return combine(walk, { node, combinator }, at);
  const framed = reach.callbacks.get(node);
  if (framed) {
    const { items, callback, method } = framed;
    const result = method === "forEach" ? "nothing" : method === "flatMap" ? "flat" : "list";
    const further = node.getArguments().filter((argument) => argument !== callback && argument !== items);
    return runMap(walk, { node, items, callback, mode: { type: "parallel" }, result, waits: false, further }, at);
  }
  const callee = resolveCallee(walk, node.getExpression(), at);
  if (callee.closures.length === 0) return evaluateBuiltin(walk, node, callee, at);
  const args = evaluateArguments(walk, node.getArguments(), at);
  return runHelpers(walk, node, { ...callee, args }, at);
}

/** What a call runs and on what. */
interface Callee {
  readonly closures: readonly Closure[];
  readonly receiver: Value;
}

function resolveCallee(walk: Walk, expression: Expression, at: Place): Callee {
  const callee = unwrap(expression);
  const bySymbol = (): readonly Closure[] =>
    walk.analysis.callables.ofExpression(callee).map((callable) => ({ callable, scope: walk.moduleScope }));
  if (!Node.isPropertyAccessExpression(callee)) {
    const { functions } = walk.evaluate(callee, at);
    return { closures: functions.length > 0 ? functions : bySymbol(), receiver: NOTHING };
  }
  const object = callee.getExpression();
  const name = callee.getName();
  const receiver = walk.evaluate(object, at);
  const owner = Node.isSuperExpression(object) ? baseOf(callee) : receiver.instanceOf;
  const method = owner && walk.analysis.callables.methodOf(owner, name);
  if (method) return { closures: [{ callable: method, scope: walk.moduleScope }], receiver };
  const { functions } = project(walk, receiver, name);
  return { closures: functions.length > 0 ? functions : bySymbol(), receiver };
}

function baseOf(node: Node): ClassDeclaration | undefined {
  return node.getFirstAncestor(Node.isClassDeclaration)?.getBaseClass();
}

/** `` tag`…` ``: a call of the tag with the parts of the text and the values. */
export function evaluateTagged(walk: Walk, node: TaggedTemplateExpression, at: Place): Value {
  const callee = resolveCallee(walk, node.getTag(), at);
  const values = valuesIn(node).map((value) => walk.evaluate(value, at));
  const args = { known: [NOTHING, ...values], rest: NOTHING };
  if (callee.closures.length > 0) return runHelpers(walk, node, { ...callee, args }, at);
  const given = [callee.receiver, ...values];
  return foreignResult(walk, node, { given, by: plainText(node.getTag()) }, at);
}

/** Reading an accessor of the project; undefined if the property is none. */
export function inlineGetter(walk: Walk, node: PropertyAccessExpression, object: Value, at: Place): Value | undefined {
  const { callables } = walk.analysis;
  const name = node.getName();
  const bySymbol = callables.accessorsOf(node).filter(Node.isGetAccessorDeclaration);
  const own = object.self
    ? callables.memberOf(walk.flow, name)
    : object.instanceOf && callables.methodOf(object.instanceOf, name);
  const getters = own && Node.isGetAccessorDeclaration(own) ? [own] : bySymbol;
  if (getters.length === 0) return undefined;
  const closures = getters.map((callable) => ({ callable, scope: walk.moduleScope }));
  return runHelpers(walk, node, { closures, receiver: object, args: { known: [], rest: NOTHING } }, at);
}

/** The value of `new X(…)`. */
export function evaluateNew(walk: Walk, node: Node, at: Place): Value {
  if (!Node.isNewExpression(node)) return NOTHING;
  const args = evaluateArguments(walk, node.getArguments(), at);
  const declaration = node.getExpression().getSymbol();
  const declared = (declaration?.getAliasedSymbol() ?? declaration)?.getDeclarations().find(Node.isClassDeclaration);
  if (declared && walk.analysis.model.isOwn(declared.getSourceFile())) {
    return construct(walk, node, declared, args, at);
  }
  const name = node.getExpression().getText();
  const [first = NOTHING] = args.known;
  if (name === "Map" || name === "Set") {
    const items = hideGenerators(walk, node, first, `new ${name}`, at);
    return walk.allocate(node, at, { list: true, props: new Map(), rest: itemOf(walk, items, undefined) });
  }
  const given = [...args.known, args.rest];
  return foreignResult(walk, node, { given, by: `new ${name}` }, at);
}

/** What code that is not followed makes of what it is given. */
function foreignResult(
  walk: Walk,
  node: TaggedTemplateExpression | NewExpression,
  { given, by }: { readonly given: readonly Value[]; readonly by: string },
  at: Place,
): Value {
  const returned = hideCallbacks(walk, node, given, by, at);
  return withPromise(walk.state.derive([...given, returned]), promiseOfForeign(walk, node, given, returned));
}
