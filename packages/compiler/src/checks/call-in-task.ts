/** Checks that tasks call no steps: a task does work, a flow decides. */
import { Node, SyntaxKind } from "ts-morph";
import type { ProjectModel } from "../project/model.js";
import type { SdkSymbols } from "../project/sdk-symbols.js";
import type { Check, CheckFacts } from "./check.js";

/** `call-in-task`. */
export const callInTask: Check = (facts, report) => {
  const tasks = tasksOf(facts);
  const reported = new Set<Node>();
  const finding = (callee: Node, name: string): void => {
    if (reported.has(callee)) return;
    reported.add(callee);
    report({
      code: "call-in-task",
      message: `${name} is a task and cannot call another step.`,
      node: callee,
      hint: `Call both from a flow, and hand the result of one to the other as a parameter; or call a plain function here.`,
    });
  };
  for (const [task, name] of tasks) {
    for (const call of task.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      if (isCallOfTask(call.getExpression(), facts)) finding(call.getExpression(), name);
    }
  }
  for (const { node } of facts.calls) {
    const owner = node.getFirstAncestor((above) => tasks.has(above));
    if (owner) finding(node.getExpression(), tasks.get(owner) ?? "This task");
  }
};

/** Everything that is a task, with its name. */
function tasksOf({ classes, definitions, facts }: CheckFacts): ReadonlyMap<Node, string> {
  const names = new Map(facts.map(({ declared }) => [declared.form.node as Node, declared.className]));
  return new Map([
    ...classes
      .filter(({ base }) => base === "task")
      .map(({ node }): [Node, string] => [node, node.getName() ?? "This task"]),
    ...definitions
      .filter(({ kind }) => kind === "task")
      .map(({ node }): [Node, string] => [node, names.get(node) ?? "This task"]),
  ]);
}

/** `this.call(…)` or `task.call(…)` on a task that has no `call` of its own. */
function isCallOfTask(callee: Node, { model, sdk }: { model: ProjectModel; sdk: SdkSymbols }): boolean {
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== "call") return false;
  const type = callee.getExpression().getType();
  const task = model.isTask(type) || sdk.nameOf(type.getSymbol()) === "TaskContext";
  return task && type.getProperty("call") === undefined;
}
