/** Looks for loops whose turns wait for each other, and need nothing of each other. */
import { Node, SyntaxKind } from "ts-morph";
import type { Check } from "./check.js";
import { taskCallsOf } from "./task-calls.js";

/** `awaits-in-sequence`, of loops: a loop is what the graphs of the flows that reach it say. */
export const turnsInSequence: Check = (all, report) => {
  const { graphs, model } = all;
  const { byNode, isQuiet } = taskCallsOf(all);
  const sequential = new Set<string>();
  for (const { nodes } of graphs.values()) {
    for (const node of nodes) {
      if (node.kind === "map" && node.mode.type === "sequential") sequential.add(JSON.stringify(node.span));
    }
  }
  const loops = new Set(
    [...byNode.keys()].flatMap((node) => node.getFirstAncestorByKind(SyntaxKind.ForOfStatement) ?? []),
  );
  for (const loop of loops) {
    if (!sequential.has(JSON.stringify(model.spanOf(loop)))) continue;
    const awaits = loop.getStatement().getDescendantsOfKind(SyntaxKind.AwaitExpression);
    const calls = awaits.map((each) => {
      const awaited = each.getExpression();
      return Node.isCallExpression(awaited) ? byNode.get(awaited) : undefined;
    });
    const waiting = calls.filter((each) => each !== undefined);
    const [call] = waiting;
    if (!call || waiting.length < calls.length || !waiting.every(isQuiet)) continue;
    const receiver = call.receiver.getText();
    report({
      code: "awaits-in-sequence",
      message: `Each turn of this loop waits for the one before, but needs nothing of it.`,
      node: loop.getExpression(),
      related: [{ node: call.node, message: "this could start for all items at the same time" }],
      hint: `Write \`await ${receiver}.map(${loop.getExpression().getText()}, (item) => …, { concurrency: 4 })\`; without \`concurrency\` all run at once.`,
      data: {
        tasks: waiting.flatMap(({ target }) => target?.candidates[0]?.id ?? []),
      },
    });
  }
};
