/**
 * Looks for steps that wait for each other without need: neither a value, nor a condition, nor anything that a task changes
 * ties them together. Only calls of tasks that change nothing are looked at, since else their order may be meant.
 */
import { Node, type Statement, SyntaxKind, ts } from "ts-morph";
import type { FlowCall } from "../calls/find-calls.js";
import { isAssignment } from "../flows/is-assignment.js";
import type { Check, Report } from "./check.js";
import { isResultDropped } from "./dropped-result.js";
import { type TaskCalls, taskCallsOf } from "./task-calls.js";

/** `awaits-in-sequence`, of statements; that of loops asks for graphs, and stands in `turns-in-sequence.ts`. */
export const awaitsInSequence: Check = (all, report) => {
  const calls = taskCallsOf(all);
  const blocks = new Set([...calls.byNode.keys()].flatMap((node) => node.getFirstAncestor(Node.isBlock) ?? []));
  for (const block of blocks) for (const run of runsOf(block.getStatements(), calls)) tellRun(run, report);
};

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
  return !node.compilerNode.arguments.some(runsCode);
}

function runsCode(node: ts.Node): boolean {
  const runs =
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isTaggedTemplateExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind));
  return runs || ts.forEachChild(node, runsCode) === true;
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

/** `Fetch and Render`, `The 3 calls of Fetch`. */
function wordsFor(names: readonly string[]): string {
  if (new Set(names).size === 1) return `The ${names.length} calls of ${names[0] ?? ""}`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
