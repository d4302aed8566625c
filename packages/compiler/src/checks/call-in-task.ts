/** Checks that tasks call no steps: a task does work, a flow decides. */
import { Node, SyntaxKind, ts } from "ts-morph";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import type { Check, CheckFacts } from "./check.js";

/** `call-in-task`. */
export const callInTask: Check = (all, report) => {
  const tasks = tasksOf(all);
  const reported = new Set<Node>();
  const finding = (callee: Node, owner: Node | undefined): void => {
    if (reported.has(callee)) return;
    reported.add(callee);
    const name = owner && tasks.get(owner);
    report({
      code: "call-in-task",
      message: name ? `${name} is a task and cannot call another step.` : "A task cannot call another step.",
      node: callee,
      hint: `Call both from a flow, and hand the result of one to the other as a parameter; or call a plain function here.`,
    });
  };
  const ownerOf = (node: Node): Node | undefined => node.getFirstAncestor((above) => tasks.has(above));
  for (const file of all.model.files) {
    for (const call of nodesOfKind(file, SyntaxKind.CallExpression, namesCall)) {
      if (isCallOfTask(call.getExpression(), all)) finding(call.getExpression(), ownerOf(call));
    }
  }
  for (const { node } of all.calls) {
    const owner = ownerOf(node);
    if (owner) finding(node.getExpression(), owner);
  }
};

/** Everything that is a task, with its name; empty if it has none. */
function tasksOf({ classes, definitions, facts }: CheckFacts): ReadonlyMap<Node, string> {
  const tasks = new Map<Node, string>();
  for (const { node, base } of classes) if (base && base !== "flow") tasks.set(node, node.getName() ?? "");
  for (const { node, kind } of definitions) if (kind !== "flow") tasks.set(node, "");
  for (const { declared } of facts) {
    if (declared.kind === "task") tasks.set(declared.form.node, declared.className);
  }
  return tasks;
}

function namesCall({ expression }: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(expression) && expression.name.text === "call";
}

/** `this.call(…)` or `task.call(…)` on a task that has no `call` of its own. */
function isCallOfTask(callee: Node, { model, sdk }: CheckFacts): boolean {
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== "call") return false;
  const type = callee.getExpression().getType();
  const task = model.isTask(type) || sdk.nameOf(type.getSymbol()) === "TaskContext";
  return task && type.getProperty("call") === undefined;
}
