/** Runs statements: a table from syntax kind to rule; what has no rule evaluates the expressions in it. */
import {
  type SyntaxKind as Kind,
  type LabeledStatement,
  Node,
  type Statement,
  type SwitchStatement,
  SyntaxKind,
} from "ts-morph";
import { type Exit, UNCAUGHT, withoutExit } from "../guards.js";
import { joinStates, type State } from "../state.js";
import { NOTHING } from "../values.js";
import { bind } from "./assignments.js";
import { chooseBetween } from "./branches.js";
import { hideGenerators } from "./hidden-callbacks.js";
import { runFor, runForOf, runWhile } from "./loops.js";
import type { Block, Place, Turn } from "./place.js";
import { runTry } from "./tries.js";
import { throwInto } from "./try-frame.js";
import { labelsOf, leave, targetOf } from "./turns.js";
import type { Walk } from "./walk.js";

type Rule = (walk: Walk, node: Node, at: Place) => void;

/** Runs a statement. */
export function execute(walk: Walk, node: Node, at: Place): void {
  const rule = RULES[node.getKind()];
  if (rule) rule(walk, node, at);
  else
    node.forEachChild((child) => {
      if (Node.isExpression(child)) walk.evaluate(child, at);
      else if (Node.isStatement(child)) walk.execute(child, at);
    });
}

function rule<T extends Node>(
  is: (node: Node | undefined) => node is T,
  apply: (walk: Walk, node: T, at: Place) => void,
): Rule {
  return (walk, node, at) => {
    if (is(node)) apply(walk, node, at);
  };
}

const nothing: Rule = () => {};

const RULES: Partial<Record<Kind, Rule>> = {
  [SyntaxKind.FunctionDeclaration]: nothing,
  [SyntaxKind.ClassDeclaration]: nothing,
  [SyntaxKind.InterfaceDeclaration]: nothing,
  [SyntaxKind.TypeAliasDeclaration]: nothing,
  [SyntaxKind.EmptyStatement]: nothing,
  [SyntaxKind.Block]: rule(Node.isBlock, (walk, node, at) => runAll(walk, node.getStatements(), at)),
  [SyntaxKind.ExpressionStatement]: rule(Node.isExpressionStatement, (walk, node, at) => {
    walk.evaluate(node.getExpression(), at);
  }),
  [SyntaxKind.VariableStatement]: rule(Node.isVariableStatement, (walk, node, at) => {
    for (const declaration of node.getDeclarations()) {
      const initializer = declaration.getInitializer();
      const value = initializer ? walk.evaluate(initializer, at) : NOTHING;
      const name = declaration.getNameNode();
      const iterates = Node.isArrayBindingPattern(name) && initializer;
      bind(walk, name, iterates ? hideGenerators(walk, initializer, value, "a pattern", at) : value, at);
    }
  }),
  [SyntaxKind.LabeledStatement]: rule(Node.isLabeledStatement, runLabelled),
  [SyntaxKind.IfStatement]: rule(Node.isIfStatement, (walk, node, at) => {
    const test = node.getExpression();
    const condition = walk.state.deep(walk.evaluate(test, at));
    const arms = [
      ["then", node.getThenStatement()],
      ["else", node.getElseStatement()],
    ] as const;
    chooseBetween(walk, node, { condition, text: test.getText(), arms, value: false }, at);
  }),
  [SyntaxKind.ReturnStatement]: rule(Node.isReturnStatement, (walk, node, at) => {
    const expression = node.getExpression();
    const value = expression ? walk.evaluate(expression, at) : NOTHING;
    // What an async function returns is awaited where a try around it can no longer see it.
    at.activation.returns.push(value);
    at.activation.guards.push(...at.conditions.slice(at.activation.base).flat());
    at.activation.exits.push(walk.state.copy());
    leave(at, "return");
    walk.state.leave(at.activation.exit);
  }),
  [SyntaxKind.ThrowStatement]: rule(Node.isThrowStatement, (walk, node, at) => {
    const value = walk.evaluate(node.getExpression(), at);
    throwInto(walk.tries.at(-1), walk.state.steps, value, at);
    leave(at, "throw");
    walk.state.leave(walk.tries.at(-1)?.exit ?? UNCAUGHT);
  }),
  [SyntaxKind.BreakStatement]: rule(Node.isBreakStatement, (walk, node, at) =>
    jump(walk, at, node.getLabel()?.getText(), "break"),
  ),
  [SyntaxKind.ContinueStatement]: rule(Node.isContinueStatement, (walk, node, at) =>
    jump(walk, at, node.getLabel()?.getText(), "continue"),
  ),
  [SyntaxKind.ForOfStatement]: rule(Node.isForOfStatement, runForOf),
  [SyntaxKind.ForInStatement]: rule(Node.isForInStatement, runForOf),
  [SyntaxKind.ForStatement]: rule(Node.isForStatement, runFor),
  [SyntaxKind.WhileStatement]: rule(Node.isWhileStatement, runWhile),
  [SyntaxKind.DoStatement]: rule(Node.isDoStatement, runWhile),
  [SyntaxKind.SwitchStatement]: rule(Node.isSwitchStatement, runSwitch),
  [SyntaxKind.TryStatement]: rule(Node.isTryStatement, runTry),
};

function runAll(walk: Walk, statements: readonly Statement[], at: Place): void {
  for (const statement of statements) {
    // Functions are there before the statements around them run.
    if (!Node.isFunctionDeclaration(statement)) continue;
    const name = statement.getNameNode();
    const body = statement.isOverload() ? statement.getImplementation() : statement;
    if (name && body) bind(walk, name, { ...NOTHING, functions: [{ callable: body, scope: at.scope }] }, at);
  }
  for (const statement of statements) walk.execute(statement, at);
}

/** Loops and switches know their labels; any other statement is left at its end. */
function runLabelled(walk: Walk, node: LabeledStatement, at: Place): void {
  const statement = node.getStatement();
  if (!Node.isBlock(statement)) {
    walk.execute(statement, at);
    return;
  }
  const exit: Exit = `block:${walk.graph.numberOf(node)}/${at.scope.id}`;
  const { activation, turns } = at;
  const block: Block = { label: node.getLabel().getText(), activation, exit, breaks: [], turns: turns.length };
  walk.execute(statement, { ...at, blocks: [...at.blocks, block] });
  // What decided whether it was left early decides what holds behind it.
  const left = [...walk.state.guards.values()].filter(({ exits }) => exits.has(exit));
  const condition = left.flatMap((guard) => guard.condition);
  const fork = { condition, branch: undefined, parent: undefined };
  walk.state = block.breaks.reduce((a, b) => joinStates(a, b, fork), walk.state);
  walk.state.guards = withoutExit(walk.state.guards, (each) => each === exit);
}

function jump(walk: Walk, at: Place, label: string | undefined, kind: "break" | "continue"): void {
  const block = at.blocks.findLast((each) => each.label === label && each.activation === at.activation);
  if (block && kind === "break") {
    block.breaks.push(walk.state.copy());
    leave({ ...at, turns: at.turns.slice(block.turns) }, "break");
    walk.state.leave(block.exit);
    return;
  }
  const turn = targetOf(at, label, kind);
  if (kind === "break") {
    turn?.breaks.push(walk.state.copy());
    // Leaving a switch is no exit of the loop around it.
    if (turn?.continues !== undefined) leave({ ...at, turns: at.turns.slice(at.turns.indexOf(turn)) }, "break");
  } else {
    turn?.continues?.push(walk.state.copy());
    // Going on with an outer loop leaves those inside it.
    if (turn) leave({ ...at, turns: at.turns.slice(at.turns.indexOf(turn) + 1) }, "break");
  }
  walk.state.leave(`${kind}:${turn?.draft.index ?? 0}`);
}

function runSwitch(walk: Walk, node: SwitchStatement, at: Place): void {
  const test = node.getExpression();
  const condition = walk.state.deep(walk.evaluate(test, at));
  walk.usePredicate(condition);
  const branch = walk.draft(node, "branch", at, { kind: "branch", detail: { text: test.getText() } });
  const context: Turn = {
    draft: branch,
    activation: at.activation,
    base: at.conditions.length,
    labels: labelsOf(node),
    breaks: [],
    continues: undefined,
    outer: new Set(walk.state.slots.keys()),
    waited: new Set(),
    concurrent: true,
  };
  const before = walk.state.copy();
  const inside: Place = {
    ...at,
    parent: branch,
    turns: [...at.turns, context],
    conditions: [...at.conditions, condition],
  };
  const clauses = node.getCaseBlock().getClauses();
  let tests = condition;
  const own: Exit = `break:${branch.index}`;
  const left: State[] = [];
  let fallen = before.copy();
  fallen.live = false;
  for (const clause of clauses) {
    const isDefault = Node.isDefaultClause(clause);
    walk.state = joinStates(before.copy(), fallen);
    if (!isDefault) tests = [...tests, ...walk.state.deep(walk.evaluate(clause.getExpression(), inside))];
    const arm = isDefault ? "default" : `case:${clause.getExpression().getText()}`;
    runAll(walk, clause.getStatements(), { ...inside, arm });
    fallen = walk.state;
    const exits = [...fallen.left].filter((exit) => exit !== own);
    if (!fallen.live && exits.length > 0) left.push(Object.assign(fallen.copy(), { left: new Set(exits) }));
  }
  walk.decide(branch, tests);
  const through = [
    ...(fallen.live ? [fallen] : []),
    ...context.breaks,
    ...(clauses.some(Node.isDefaultClause) ? [] : [before]),
  ];
  const fork = { condition: tests, branch, parent: at.parent };
  walk.state = [...through, ...left].reduce((a, b) => joinStates(a, b, fork));
  walk.state.guards = withoutExit(walk.state.guards, (exit) => exit === own);
}
