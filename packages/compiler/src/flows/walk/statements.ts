/** Runs statements: a table from syntax kind to rule; what has no rule evaluates the expressions in it. */
import {
  type SyntaxKind as Kind,
  Node,
  type Statement,
  type SwitchStatement,
  SyntaxKind,
  type TryStatement,
} from "ts-morph";
import { joinStates, State } from "../state.js";
import { choice, join, NOTHING, ofSources, union } from "../values.js";
import { bind } from "./assignments.js";
import { chooseBetween } from "./branches.js";
import { runFor, runForOf, runWhile } from "./loops.js";
import type { Place, Turn } from "./place.js";
import { labelsOf, leave, targetOf } from "./turns.js";
import type { TryFrame, Walk } from "./walk.js";

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
      bind(walk, declaration.getNameNode(), initializer ? walk.evaluate(initializer, at) : NOTHING, at);
    }
  }),
  [SyntaxKind.LabeledStatement]: rule(Node.isLabeledStatement, (walk, node, at) =>
    walk.execute(node.getStatement(), at),
  ),
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
    walk.state.live = false;
  }),
  [SyntaxKind.ThrowStatement]: rule(Node.isThrowStatement, (walk, node, at) => {
    const value = walk.evaluate(node.getExpression(), at);
    walk.tries.at(-1)?.thrown.push(value);
    leave(at, "throw");
    walk.state.live = false;
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

function jump(walk: Walk, at: Place, label: string | undefined, kind: "break" | "continue"): void {
  const turn = targetOf(at, label, kind);
  if (kind === "break") {
    turn?.breaks.push(walk.state.copy());
    // Leaving a switch is no exit of the loop around it.
    if (turn?.continues !== undefined) leave({ ...at, turns: at.turns.slice(at.turns.indexOf(turn)) }, "break");
  } else turn?.continues?.push(walk.state.copy());
  walk.state.live = false;
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
  let fallen = before.copy();
  fallen.live = false;
  for (const clause of clauses) {
    const isDefault = Node.isDefaultClause(clause);
    walk.state = joinStates(before.copy(), fallen);
    if (!isDefault) tests = [...tests, ...walk.state.deep(walk.evaluate(clause.getExpression(), inside))];
    const arm = isDefault ? "default" : `case:${clause.getExpression().getText()}`;
    runAll(walk, clause.getStatements(), { ...inside, arm, turns: inside.turns });
    fallen = walk.state;
  }
  const ends = [fallen, ...context.breaks, ...(clauses.some(Node.isDefaultClause) ? [] : [before])];
  walk.state = ends.reduce((a, b) => joinStates(a, b, tests));
}

function runTry(walk: Walk, node: TryStatement, at: Place): void {
  const container = walk.draft(node, "try", at, { kind: "try" });
  const frame: TryFrame = { slots: new Map(), cells: new Map(), errors: [], thrown: [] };
  const before = walk.state.copy();
  walk.tries.push(frame);
  walk.execute(node.getTryBlock(), { ...at, parent: container, arm: "try" });
  walk.tries.pop();
  const handler = node.getCatchClause();
  const errors = [...new Map(frame.errors.map((s) => [s.node, s])).values()];
  const tried = walk.state;
  const failed = stateAtFailure(before, frame);
  if (handler) {
    walk.state = failed;
    const inside: Place = { ...at, parent: container, arm: "catch", conditions: [...at.conditions, errors] };
    const variable = handler.getVariableDeclaration();
    if (variable) bind(walk, variable.getNameNode(), union([ofSources(errors), ...frame.thrown]), inside);
    walk.execute(handler.getBlock(), inside);
    walk.state = joinStates(tried, walk.state, choice(errors));
  } else {
    walk.tries.at(-1)?.errors.push(...errors);
    walk.tries.at(-1)?.thrown.push(...frame.thrown);
  }
  const last = node.getFinallyBlock();
  if (!last) return;
  const live = walk.state.live;
  // `finally` runs on every way out, also where the statements after it do not.
  const out = live ? joinStates(walk.state, failed, errors) : failed;
  const through = walk.state;
  walk.state = out.copy();
  walk.execute(last, { ...at, parent: container, arm: "finally" });
  if (live && walk.state.live) {
    const cleaned = walk.state;
    walk.state = through.copy();
    for (const [slot, value] of cleaned.slots) if (value !== out.slots.get(slot)) walk.setSlot(slot, value);
    for (const [id, cell] of cleaned.cells) if (cell !== out.cells.get(id)) walk.setCell(id, cell);
  } else walk.state.live = false;
}

/** Before the block, or after any of its writes. */
function stateAtFailure(before: State, frame: TryFrame): State {
  const after = new State(new Map(before.slots), new Map(before.cells));
  for (const [slot, value] of frame.slots) {
    const known = before.slots.get(slot);
    after.slots.set(slot, known ? join(known, value) : value);
  }
  for (const [id, cell] of frame.cells) {
    const known = before.cells.get(id);
    const props = new Map(cell.props);
    for (const [name, value] of known?.props ?? []) props.set(name, join(value, props.get(name) ?? value));
    after.cells.set(id, { ...cell, props, rest: known ? join(known.rest, cell.rest) : cell.rest });
  }
  return after;
}
