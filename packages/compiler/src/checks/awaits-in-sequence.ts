/**
 * Looks for steps that wait for each other without need: neither a value, nor a condition, nor anything that a task changes
 * ties them together. Only calls of tasks that change nothing are looked at, since else their order may be meant.
 */
import { type CallExpression, Node, type Statement, SyntaxKind } from "ts-morph";
import type { FlowCall } from "../calls/find-calls.js";
import type { Check, CheckFacts, Report } from "./check.js";
import { isResultDropped } from "./dropped-result.js";
import { taskEffects } from "./task-effects.js";

/** `awaits-in-sequence`. */
export const awaitsInSequence: Check = (all, report) => {
  const effects = taskEffects(all);
  const calls: TaskCalls = {
    byNode: new Map(
      all.calls
        .filter(({ method, target }) => {
          const tasks = (method === "call" || method === "ref") && target?.type === "one" ? target.candidates : [];
          return tasks.length > 0 && tasks.every(({ kind }) => kind === "task");
        })
        .map((call) => [call.node, call]),
    ),
    isQuiet: ({ target }) => target?.candidates.every((task) => !effects(task).changes) === true,
  };
  const blocks = new Set([...calls.byNode.keys()].flatMap((node) => node.getFirstAncestor(Node.isBlock) ?? []));
  for (const block of blocks) for (const run of runsOf(block.getStatements(), calls)) tellRun(run, report);
  checkLoops(all, calls, report);
};

/** Calls of one task each. */
interface TaskCalls {
  readonly byNode: ReadonlyMap<CallExpression, FlowCall>;
  /** True if what is called changes nothing. Takes long to find out: asked last. */
  readonly isQuiet: (call: FlowCall) => boolean;
}

/** A constant that waits for a step. */
interface Waiting {
  readonly call: FlowCall;
  /** What it declares, as it is written. */
  readonly name: string;
  readonly names: ReadonlySet<string>;
}

/** Statements next to each other that need nothing of each other. */
function runsOf(statements: readonly Statement[], calls: TaskCalls): readonly (readonly Waiting[])[] {
  const neighbours: Waiting[][] = [[]];
  for (const statement of statements) {
    const waiting = waitingOf(statement, calls);
    if (waiting) neighbours.at(-1)?.push(waiting);
    else neighbours.push([]);
  }
  const runs = neighbours.filter((run) => run.length > 1).flatMap((run) => independent(run, calls));
  return runs.filter((run) => run.length > 1);
}

/** Splits neighbours where one changes something, or needs one before it. */
function independent(neighbours: readonly Waiting[], { isQuiet }: TaskCalls): readonly (readonly Waiting[])[] {
  const runs: Waiting[][] = [[]];
  for (const waiting of neighbours) {
    const last = runs.at(-1) ?? [];
    if (!isQuiet(waiting.call)) runs.push([]);
    else if (last.some(({ names }) => mentions(waiting.call, names))) runs.push([waiting]);
    else last.push(waiting);
  }
  return runs;
}

function waitingOf(statement: Statement, { byNode }: TaskCalls): Waiting | undefined {
  const [declaration, ...more] = Node.isVariableStatement(statement) ? statement.getDeclarations() : [];
  const awaited = declaration?.getInitializer();
  const node = Node.isAwaitExpression(awaited) ? awaited.getExpression() : undefined;
  const call = Node.isCallExpression(node) ? byNode.get(node) : undefined;
  if (!declaration || more.length > 0 || !call || !isPlain(call)) return undefined;
  if (isResultDropped(call.node, () => false)) return undefined; // that is another finding
  const names = declaration.getNameNode().getDescendantsOfKind(SyntaxKind.Identifier);
  const own = declaration.getNameNode();
  return { call, name: own.getText(), names: new Set([...names, own].map((each) => each.getText())) };
}

/** Its arguments run no code, so that it makes no difference when they are evaluated. */
function isPlain({ node }: FlowCall): boolean {
  return node
    .getArguments()
    .every((argument) =>
      [argument, ...argument.getDescendants()].every(
        (each) =>
          !Node.isCallExpression(each) &&
          !Node.isNewExpression(each) &&
          !Node.isAwaitExpression(each) &&
          !Node.isTaggedTemplateExpression(each) &&
          !Node.isPostfixUnaryExpression(each) &&
          !(Node.isBinaryExpression(each) && /^[^=!<>]*=$/.test(each.getOperatorToken().getText())),
      ),
    );
}

function mentions({ node }: FlowCall, names: ReadonlySet<string>): boolean {
  return node.getDescendantsOfKind(SyntaxKind.Identifier).some((each) => names.has(each.getText()));
}

function tellRun(run: readonly Waiting[], report: Report): void {
  const [first, ...others] = run;
  if (!first) return;
  const receiver = first.call.receiver.getText();
  const tasks = run.map(({ call }) => call.target?.candidates[0]?.className ?? "");
  report({
    code: "awaits-in-sequence",
    message: `${wordsFor(tasks)} run one after the other, but ${tasks.length === 2 ? "neither needs anything of the other" : "none needs anything of the others"}.`,
    node: first.call.node,
    related: others.map(({ call }) => ({ node: call.node, message: "this could start at the same time" })),
    hint: `Write \`const [${run.map(({ name }) => name).join(", ")}] = await Promise.all([${run.map(() => `${receiver}.call(…)`).join(", ")}])\` to run them at once.`,
    data: { tasks },
  });
}

/** Loops whose turns need nothing of each other. */
function checkLoops({ graphs, model }: CheckFacts, { byNode, isQuiet }: TaskCalls, report: Report): void {
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
}

/** `Fetch and Render`, `The 3 calls of Fetch`. */
function wordsFor(names: readonly string[]): string {
  if (new Set(names).size === 1) return `The ${names.length} calls of ${names[0] ?? ""}`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
