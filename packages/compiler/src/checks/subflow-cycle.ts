/** Checks that flows do not call each other without end. A call under a condition, in a loop or in a map may come to an end. */
import { Node, SyntaxKind } from "ts-morph";
import { isCallable } from "../flows/callables.js";
import type { Declared } from "../project/declared.js";
import type { Check, CheckFacts } from "./check.js";

/** A call that every run of a flow makes. */
interface Step {
  readonly node: Node;
  readonly from: Declared;
  readonly to: Declared;
}

/** `subflow-cycle`. */
export const subflowCycle: Check = (all, report) => {
  const steps = certainCalls(all);
  const reported = new Set<Declared>();
  for (const flow of all.model.declarations) {
    const cycle = reported.has(flow) ? undefined : cycleFrom(flow, steps);
    const [first, ...others] = cycle ?? [];
    if (!first) continue;
    for (const { from } of cycle ?? []) reported.add(from);
    const names = [...(cycle ?? []).map(({ from }) => from.className), flow.className];
    report({
      code: "subflow-cycle",
      message: `Every run of ${flow.className} starts another one: ${names.join(" calls ")}.`,
      node: first.node,
      related: others.map(({ node, from, to }) => ({ node, message: `${from.className} calls ${to.className} here` })),
      hint: "Call it under a condition that comes to an end, or put what both need into a flow of its own.",
      data: { flows: names },
    });
  }
};

/** The shortest way from a flow back to it. */
function cycleFrom(flow: Declared, steps: readonly Step[]): readonly Step[] | undefined {
  const seen = new Set<Declared>();
  let ways: readonly (readonly Step[])[] = steps.filter(({ from }) => from === flow).map((step) => [step]);
  while (ways.length > 0) {
    const back = ways.find((way) => way.at(-1)?.to === flow);
    if (back) return back;
    ways = ways.flatMap((way) => {
      const at = way.at(-1)?.to;
      if (!at || seen.has(at)) return [];
      seen.add(at);
      return steps.filter(({ from }) => from === at).map((step) => [...way, step]);
    });
  }
  return undefined;
}

function certainCalls({ calls, model }: CheckFacts): readonly Step[] {
  const flows = model.declarations.filter(({ kind }) => kind === "flow");
  return calls.flatMap(({ node, target }) => {
    const to = target?.type === "one" ? target.candidates[0] : undefined;
    if (to?.kind !== "flow") return [];
    const body = certainBodyOf(node);
    const from = body && flows.find(({ form }) => isRunOf(body, form.type === "class" ? form.node : form.definition));
    return from ? [{ node, from, to }] : [];
  });
}

/** The function that runs the call whenever it runs; undefined if it may do without. */
function certainBodyOf(call: Node): Node | undefined {
  let below = call;
  for (const above of call.getAncestors()) {
    if (isCallable(above)) return leavesBefore(above, call) ? undefined : above;
    if (mayPass(above, below)) return undefined;
    below = above;
  }
  return undefined;
}

/** True if `above` may leave out `below`. */
function mayPass(above: Node, below: Node): boolean {
  if (Node.isIfStatement(above) || Node.isSwitchStatement(above)) return above.getExpression() !== below;
  if (Node.isConditionalExpression(above)) return above.getCondition() !== below;
  if (Node.isIterationStatement(above) || Node.isCatchClause(above)) return true;
  const operator = Node.isBinaryExpression(above) ? above.getOperatorToken().getText() : "";
  return /^(&&|\|\||\?\?)/.test(operator) && Node.isBinaryExpression(above) && above.getRight() === below;
}

function leavesBefore(body: Node, call: Node): boolean {
  return [
    ...body.getDescendantsOfKind(SyntaxKind.ReturnStatement),
    ...body.getDescendantsOfKind(SyntaxKind.ThrowStatement),
  ].some((leave) => leave.getEnd() <= call.getPos());
}

function isRunOf(body: Node, owner: Node): boolean {
  const member = Node.isMethodDeclaration(body) ? body : body.getParent();
  const named =
    Node.isMethodDeclaration(member) || Node.isPropertyAssignment(member) || Node.isPropertyDeclaration(member);
  return named && member.getName() === "run" && member.getParent() === owner;
}
