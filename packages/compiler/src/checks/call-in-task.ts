/** Checks that tasks call no steps: a task does work, a flow decides. */
import { type CallExpression, Node, SyntaxKind, type Type, ts } from "ts-morph";
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
  for (const file of all.files) {
    for (const call of nodesOfKind(file, SyntaxKind.CallExpression, namesCall)) {
      if (isCallOfTask(call, all)) finding(call.getExpression(), ownerOf(call));
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

/** `this.call(…)` or `task.call(…)` on a task that has no `call` of its own; that of rules takes tokens, and no step. */
function isCallOfTask(call: CallExpression, { model, sdk }: CheckFacts): boolean {
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee) || callee.getName() !== "call") return false;
  const type = callee.getExpression().getType();
  const task = model.isTask(type) || ["TaskContext", "RuleContext"].includes(sdk.nameOf(type.getSymbol()) ?? "");
  return task && (type.getProperty("call") === undefined || isRuleCallOfStep(type, call, { model, sdk }));
}

function isRuleCallOfStep(
  type: Type,
  call: CallExpression,
  { model, sdk }: Pick<CheckFacts, "model" | "sdk">,
): boolean {
  const isRule = sdk.baseOf(type) === "rule" || sdk.nameOf(type.getSymbol()) === "RuleContext";
  const made = call.getArguments()[0]?.getType().getConstructSignatures()[0]?.getReturnType();
  return isRule && made !== undefined && (model.isTask(made) || model.isFlow(made));
}
