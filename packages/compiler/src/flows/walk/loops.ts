/** Loop statements. Where the turns are fixed at the start and independent they are a sequential map, else a loop. */

import {
  type DoStatement,
  type ForInStatement,
  type ForOfStatement,
  type ForStatement,
  Node,
  SyntaxKind,
  type WhileStatement,
} from "ts-morph";
import { isArray } from "../is-array.js";
import { isAssignment } from "../is-assignment.js";
import type { Source } from "../source.js";
import type { Value } from "../value.js";
import { NOTHING } from "../values.js";
import { assign, bind } from "./assignments.js";
import { noteAwait } from "./foreign.js";
import { producerOf, takeTurn } from "./iterations.js";
import type { Place } from "./place.js";
import { countOf, itemOf, promiseOfItems } from "./projections.js";
import { settle } from "./settle.js";
import { labelsOf, repeat } from "./turns.js";
import type { Walk } from "./walk.js";

const NO_ITEMS = { reason: "the turns of a loop statement are not recorded as items" };

/** `for … of`, `for await … of`, `for … in`. */
export function runForOf(walk: Walk, node: ForOfStatement | ForInStatement, at: Place): void {
  const over = node.getExpression();
  const list = walk.evaluate(over, at);
  const producer = Node.isForOfStatement(node) ? producerOf(walk, list) : undefined;
  const fixed = Node.isForOfStatement(node) && !node.isAwaited() && isArray(over) && !grows(node, over);
  const head = node
    .getText()
    .slice(0, node.getStatement().getStart() - node.getStart())
    .trim();
  const draft = walk.draft(node, "loop", at, {
    kind: fixed ? "map" : "loop",
    detail: fixed ? { mode: { type: "sequential" }, closed: NO_ITEMS, text: over.getText() } : { text: head },
  });
  walk.usePredicate(walk.state.deep(list));
  const count = countOf(walk, list);
  walk.decide(draft, count);
  repeat(walk, {
    draft,
    labels: labelsOf(node),
    mayBeEmpty: true,
    at: { ...at, conditions: [...at.conditions, count] },
    items: promiseOfItems(walk, list),
    turn: (inside) => {
      const item = Node.isForInStatement(node)
        ? walk.state.derive([list])
        : producer
          ? takeTurn(walk, node, producer, inside)
          : itemOf(walk, list, draft);
      if (Node.isForOfStatement(node) && node.isAwaited()) {
        noteAwait(walk, over, item, inside);
        settle(walk, item, inside);
      }
      takeItem(walk, node, item, inside);
      walk.execute(node.getStatement(), inside);
    },
  });
  becomeLoop(draft, head);
}

function takeItem(walk: Walk, node: ForOfStatement | ForInStatement, item: Value, at: Place): void {
  const initializer = node.getInitializer();
  if (Node.isVariableDeclarationList(initializer)) {
    for (const declaration of initializer.getDeclarations()) bind(walk, declaration.getNameNode(), item, at);
  } else assign(walk, initializer, item, at);
}

/** `for (;;)`. */
export function runFor(walk: Walk, node: ForStatement, at: Place): void {
  const initializer = node.getInitializer();
  if (Node.isVariableDeclarationList(initializer)) {
    for (const declaration of initializer.getDeclarations()) {
      const first = declaration.getInitializer();
      bind(walk, declaration.getNameNode(), first ? walk.evaluate(first, at) : NOTHING, at);
    }
  } else if (initializer) walk.evaluate(initializer, at);
  const test = node.getCondition();
  const head = node
    .getText()
    .slice(0, node.getStatement().getStart() - node.getStart())
    .trim();
  const bound = invariantBound(node);
  const draft = walk.draft(node, "loop", at, {
    kind: bound ? "map" : "loop",
    detail: bound ? { mode: { type: "sequential" }, closed: NO_ITEMS, text: bound } : { text: head },
  });
  repeat(walk, {
    draft,
    labels: labelsOf(node),
    mayBeEmpty: true,
    endless: test === undefined,
    at,
    turn: (inside) => {
      const condition = test ? walk.state.deep(walk.evaluate(test, inside)) : [];
      walk.usePredicate(condition);
      walk.decide(draft, condition);
      walk.execute(node.getStatement(), { ...inside, conditions: [...inside.conditions, condition] });
      const step = node.getIncrementor();
      if (step) walk.evaluate(step, inside);
    },
  });
  becomeLoop(draft, head);
}

/** `while` and `do`. */
export function runWhile(walk: Walk, node: WhileStatement | DoStatement, at: Place): void {
  const test = node.getExpression();
  const text = `${Node.isWhileStatement(node) ? "while" : "do … while"} (${test.getText()})`;
  const draft = walk.draft(node, "loop", at, { kind: "loop", detail: { text } });
  const first = Node.isWhileStatement(node);
  repeat(walk, {
    draft,
    labels: labelsOf(node),
    mayBeEmpty: first,
    endless: test.getKind() === SyntaxKind.TrueKeyword,
    at,
    turn: (inside) => {
      const decide = (): readonly Source[] => {
        const condition = walk.state.deep(walk.evaluate(test, inside));
        walk.usePredicate(condition);
        walk.decide(draft, condition);
        return condition;
      };
      const before = first ? decide() : [];
      walk.execute(node.getStatement(), { ...inside, conditions: [...inside.conditions, before] });
      if (!first) decide();
    },
  });
}

function becomeLoop(draft: ReturnType<Walk["draft"]>, head: string): void {
  if (!draft.dependent || draft.kind !== "map") return;
  draft.kind = "loop";
  draft.detail.text = head;
}

/** Text of what bounds `for (let i = a; i < b; i++)`, if nothing in the loop changes `i` or the bound. */
function invariantBound(node: ForStatement): string | undefined {
  const initializer = node.getInitializer();
  const [counter] = Node.isVariableDeclarationList(initializer) ? initializer.getDeclarations() : [];
  const test = node.getCondition();
  const step = node.getIncrementor();
  if (!counter || !Node.isBinaryExpression(test) || !step) return undefined;
  if (!/^(<|<=|>|>=)$/.test(test.getOperatorToken().getText()) || test.getLeft().getText() !== counter.getName())
    return undefined;
  const name = counter.getName();
  if (!new RegExp(`^(\\+\\+|--)?${name}(\\+\\+|--|\\s*[+-]=\\s*\\d+)?$`).test(step.getText())) return undefined;
  const bound = test.getRight();
  const names = new Set([name, ...identifiersOf(bound)]);
  const calls = Node.isCallExpression(bound) || bound.getDescendants().some(Node.isCallExpression);
  return calls || changes(node.getStatement(), names) ? undefined : test.getText();
}

function identifiersOf(node: Node): readonly string[] {
  return [node, ...node.getDescendants()].filter(Node.isIdentifier).map((identifier) => identifier.getText());
}

/** True if the body of a loop may change the list that it runs over. */
function grows(node: ForOfStatement | ForInStatement, over: Node): boolean {
  return changes(node.getStatement(), new Set(identifiersOf(over).slice(-1)));
}

/** True if a statement assigns one of the names, or calls a method that changes what it holds. */
function changes(body: Node, names: ReadonlySet<string>): boolean {
  return body.getDescendants().some((node) => {
    if (Node.isBinaryExpression(node)) {
      const assigns = isAssignment(node.getOperatorToken().getKind());
      return assigns && identifiersOf(node.getLeft()).some((name) => names.has(name));
    }
    if (Node.isPrefixUnaryExpression(node) || Node.isPostfixUnaryExpression(node)) {
      return /\+\+|--/.test(node.getText()) && names.has(node.getOperand().getText());
    }
    const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
    return (
      Node.isPropertyAccessExpression(callee) &&
      /^(push|pop|shift|unshift|splice|fill|sort|reverse|copyWithin)$/.test(callee.getName()) &&
      identifiersOf(callee.getExpression()).some((name) => names.has(name))
    );
  });
}
