/** Uses of shared state: calls on the SDK's `Shared`, recognised by the receiver's type, wherever they stand. */
import { type CallExpression, Node, type Type, ts } from "ts-morph";
import type { ProjectModel } from "../project/model.js";
import { unwrap } from "./resolve-target.js";

/** What a method does with its key. `put`: it gives a value whatever was there. */
const METHODS: ReadonlyMap<string, { readonly reads?: true; readonly writes?: true; readonly puts?: true }> = new Map([
  ["get", { reads: true }],
  ["has", { reads: true }],
  ["entries", { reads: true }],
  ["update", { reads: true, writes: true }],
  ["set", { writes: true, puts: true }],
  ["delete", { writes: true, puts: true }],
  ["publish", { writes: true, puts: true }],
]);

/** One use. */
export interface SharedCall {
  readonly node: CallExpression;
  readonly method: string;
  readonly reads: boolean;
  readonly writes: boolean;
  /** It writes whatever was there, and does not mind if others do. */
  readonly overwrites: boolean;
  /** The keys that it may be about; undefined if they are not known before running. */
  readonly keys: readonly string[] | undefined;
}

/** True for a call that may be one, by its bare tree. */
export function mayUseShared(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  const callee = ts.skipPartiallyEmittedExpressions(node.expression);
  return ts.isPropertyAccessExpression(callee) && METHODS.has(callee.name.text);
}

/** Reads a call; undefined if it is no use of shared state. */
export function readSharedCall(model: ProjectModel, node: Node): SharedCall | undefined {
  if (!Node.isCallExpression(node)) return undefined;
  const callee = unwrap(node.getExpression());
  const does = Node.isPropertyAccessExpression(callee) ? METHODS.get(callee.getName()) : undefined;
  if (!Node.isPropertyAccessExpression(callee) || !does || !model.isShared(callee.getExpression().getType()))
    return undefined;
  const [key, , options] = node.getArguments();
  return {
    node,
    method: callee.getName(),
    reads: does.reads === true,
    writes: does.writes === true,
    // Whoever gives a policy has thought of the others.
    overwrites: does.puts === true && options === undefined,
    keys: key && literals(key.getType()),
  };
}

function literals(type: Type): readonly string[] | undefined {
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  const texts = members.map((member) => member.getLiteralValue());
  return texts.every((text) => typeof text === "string") ? texts : undefined;
}
