/**
 * Every `call`, `ref`, `attempt`, `background`, `map`, `step`, `sleep` and `waitFor` on a flow, by the receiver's type and never by spelling, wherever in the project it
 * stands. Read by the analysis of flows and by the checks of parameters.
 */
import {
  type CallExpression,
  type Expression,
  type Symbol as MorphSymbol,
  Node,
  type ObjectLiteralExpression,
  SyntaxKind,
  ts,
} from "ts-morph";
import type { ProjectModel } from "../project/model.js";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import { type CallTarget, resolveTarget, unwrap } from "./resolve-target.js";

/** Methods of a flow that issue steps. */
export type FlowMethod = "call" | "ref" | "attempt" | "background" | "map" | "step" | "sleep" | "waitFor";

/** One call of such a method. */
export interface FlowCall {
  readonly node: CallExpression;
  readonly method: FlowMethod;
  /** What it is called on: `this`, `flow`, … */
  readonly receiver: Expression;
  /** The task or flow of a `call`, `ref`, `attempt` or `background`; undefined for the other methods and for a call without arguments. */
  readonly target: CallTarget | undefined;
  /** Second argument of a `call`. */
  readonly paramsArgument: Expression | undefined;
  /** The same if it is an object literal. */
  readonly params: ObjectLiteralExpression | undefined;
  /** Options argument if it is an object literal. */
  readonly options: ObjectLiteralExpression | undefined;
  /** `options.name` of a `call`. `literal` is undefined if the name is no string literal. */
  readonly name: { readonly node: Node; readonly literal: string | undefined } | undefined;
}

/** Their names. */
export const FLOW_METHODS: ReadonlySet<string> = new Set<FlowMethod>([
  "call",
  "ref",
  "attempt",
  "background",
  "map",
  "step",
  "sleep",
  "waitFor",
]);

/** Asked by several stages; the checker has to type a receiver for each. */
const found = new WeakMap<ProjectModel, readonly FlowCall[]>();

/** All calls of the project, by file and position. */
export function findCalls(model: ProjectModel): readonly FlowCall[] {
  const known = found.get(model);
  if (known) return known;
  const calls = model.files.flatMap((file) =>
    nodesOfKind(file, SyntaxKind.CallExpression, namesMethod).flatMap((node) => readCall(model, node) ?? []),
  );
  found.set(model, calls);
  return calls;
}

/** True for methods whose first argument is a task or flow. */
export function namesTarget(method: string): boolean {
  return method === "call" || method === "ref" || method === "attempt" || method === "background";
}

/** Calls a member of that name, whatever stands around it. */
function namesMethod({ expression }: ts.CallExpression): boolean {
  return (
    !ts.isIdentifier(expression) &&
    !(ts.isPropertyAccessExpression(expression) && !FLOW_METHODS.has(expression.name.text))
  );
}

function readCall(model: ProjectModel, node: CallExpression): FlowCall | undefined {
  const callee = unwrap(node.getExpression());
  if (!Node.isPropertyAccessExpression(callee) || !FLOW_METHODS.has(callee.getName())) return undefined;
  const receiver = callee.getExpression();
  const isSuper = Node.isSuperExpression(receiver);
  if (!model.isFlow(receiver.getType()) || (!isSuper && !isSdkMethod(model, callee.getSymbol()))) return undefined;
  const method = callee.getName() as FlowMethod; // FLOW_METHODS has it
  // Arguments are expressions, but for ts-morph `Generic<number>` is a node of another kind.
  const args = node.getArguments() as Expression[];
  const [first, second, third] = args;
  const calls = namesTarget(method);
  const params = calls ? objectLiteral(second) : undefined;
  const options = objectLiteral(calls || method === "map" ? third : undefined);
  return {
    node,
    method,
    receiver,
    target: calls && first ? resolveTarget(model, first) : undefined,
    paramsArgument: calls ? second : undefined,
    params,
    options,
    name: calls ? nameOption(options) : undefined,
  };
}

/** A flow's class may define a method of the same name for another purpose: the project's own declaration wins. */
export function isSdkMethod(model: ProjectModel, method: MorphSymbol | undefined): boolean {
  const declarations = method?.getDeclarations() ?? [];
  return !declarations.some((d) => model.isOwn(d.getSourceFile()));
}

function objectLiteral(expression: Expression | undefined): ObjectLiteralExpression | undefined {
  const bare = expression && unwrap(expression);
  return bare && Node.isObjectLiteralExpression(bare) ? bare : undefined;
}

function nameOption(options: ObjectLiteralExpression | undefined): FlowCall["name"] {
  const property = options?.getProperty("name");
  if (!property) return undefined;
  const value = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  const bare = value && unwrap(value);
  const literal =
    bare && (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare))
      ? bare.getLiteralText()
      : undefined;
  return { node: property, literal };
}
