/** Checks that tasks call no steps: a task does work, a flow decides. */
import { type ClassDeclaration, type ClassExpression, Node } from "ts-morph";
import type { Check } from "./check.js";

/** `call-in-task`. */
export const callInTask: Check = ({ classes, calls }, report) => {
  const tasks = new Set<Node>(classes.filter(({ base }) => base === "task").map(({ node }) => node));
  for (const task of tasks) {
    if (!Node.isClassDeclaration(task) && !Node.isClassExpression(task)) continue;
    task.forEachDescendant((node) => {
      if (Node.isCallExpression(node) && isThisCall(node.getExpression(), task))
        report(finding(node.getExpression(), task));
    });
  }
  for (const { node } of calls) {
    const owner = node.getFirstAncestor((above) => tasks.has(above));
    if (owner && (Node.isClassDeclaration(owner) || Node.isClassExpression(owner)))
      report(finding(node.getExpression(), owner));
  }
};

/** `this.call(…)` of a class that has no `call` of its own. */
function isThisCall(callee: Node, task: ClassDeclaration | ClassExpression): boolean {
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== "call") return false;
  return Node.isThisExpression(callee.getExpression()) && task.getType().getProperty("call") === undefined;
}

function finding(node: Node, task: ClassDeclaration | ClassExpression): Parameters<Parameters<Check>[1]>[0] {
  const name = task.getName() ?? "This task";
  return {
    code: "call-in-task",
    message: `${name} is a task and cannot call another step.`,
    node,
    hint: `Call both from a flow, and hand the result of one to the other as a parameter; or call a plain function here.`,
  };
}
