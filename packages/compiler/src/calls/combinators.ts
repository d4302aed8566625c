/** What waits for several promises at once: `Promise.all` and its kin, and the flow's own `this.all` and `this.race`. */
import { type CallExpression, Node } from "ts-morph";
import type { ProjectModel } from "../project/model.js";
import { isSdkMethod } from "./find-calls.js";
import { unwrap } from "./resolve-target.js";

/** Named as `Promise` names them. */
export type Combinator = "all" | "allSettled" | "race" | "any";

/** Which one a call is; undefined if it is none. */
export function combinatorOf(model: ProjectModel, node: CallExpression): Combinator | undefined {
  const callee = unwrap(node.getExpression());
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const name = callee.getName();
  if (name !== "all" && name !== "race" && name !== "any" && name !== "allSettled") return undefined;
  const receiver = callee.getExpression();
  if (receiver.getText() === "Promise") return name;
  const ofFlow = (name === "all" || name === "race") && model.isFlow(receiver.getType());
  return ofFlow && isSdkMethod(model, callee.getSymbol()) ? name : undefined;
}
