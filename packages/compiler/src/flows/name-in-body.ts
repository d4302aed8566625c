import { Node } from "ts-morph";
import type { Declared } from "../project/declared.js";
import type { Callables } from "./callables.js";

/** How the body of a flow names the flow: `this`, or the second parameter of its function. */
export function nameInBody(callables: Callables, flow: Declared): string {
  const run = flow.form.type === "function" ? callables.runOf(flow) : undefined;
  const context = run?.getParameters()[1]?.getNameNode();
  return !run ? "this" : Node.isIdentifier(context) ? context.getText() : "flow";
}
