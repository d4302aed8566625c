/** `try/catch/finally`: the handler is walked from every state in which the block may fail. */
import type { Node, TryStatement } from "ts-morph";
import type { Draft } from "../draft.js";
import { UNCAUGHT, withoutExit } from "../guards.js";
import { choice, type Source } from "../source.js";
import { joinStates, type State } from "../state.js";
import { joinSteps } from "../steps.js";
import type { Failure } from "../value.js";
import { join, ofSources, union } from "../values.js";
import { bind } from "./assignments.js";
import type { Place } from "./place.js";
import { failAt, openFrame, type TryFrame } from "./try-frame.js";
import type { Walk } from "./walk.js";

/** Runs a `try` statement. */
export function runTry(walk: Walk, node: TryStatement, at: Place): void {
  const container = walk.draft(node, "try", at, { kind: "try" });
  const frame = openFrame(at.conditions.length);
  const before = walk.state.copy();
  walk.tries.push(frame);
  walk.execute(node.getTryBlock(), { ...at, parent: container, arm: "try" });
  walk.tries.pop();
  const failed = stateAtFailure(before, frame);
  const handler = node.getCatchClause();
  if (handler) {
    const errors = decideByFailures(walk, container, frame);
    const tried = walk.state;
    walk.state = failed.copy();
    const inside: Place = { ...at, parent: container, arm: "catch", conditions: [...at.conditions, errors] };
    const variable = handler.getVariableDeclaration();
    const thrown = frame.failures.map(({ source }) => source);
    const again = openFrame(at.conditions.length);
    walk.tries.push(again);
    if (variable) bind(walk, variable.getNameNode(), union([ofSources(thrown), ...frame.thrown]), inside);
    walk.execute(handler.getBlock(), inside);
    walk.tries.pop();
    passOn(walk, again);
    failed.steps = joinSteps(failed.steps, again.steps ?? failed.steps);
    const handled = walk.state;
    const fork = { condition: choice(errors), branch: container, parent: at.parent };
    walk.state = joinStates(tried, handled, fork);
    const instead = handled.live ? [] : handled.left;
    walk.state.guards = withoutExit(walk.state.guards, (exit) => exit === frame.exit, instead);
  } else passOn(walk, frame);
  const last = node.getFinallyBlock();
  if (last) runFinally(walk, last, failed, { ...at, parent: container, arm: "finally" });
}

/** What decides whether the handler runs. */
export function decideByFailures(
  walk: Walk,
  container: Draft,
  { failures, conditions }: Pick<TryFrame, "conditions"> & { readonly failures: readonly Failure[] },
): readonly Source[] {
  const byNode = new Map<Draft, Failure>();
  for (const failure of failures) {
    const known = byNode.get(failure.source.node);
    byNode.set(failure.source.node, known ? { ...failure, first: known.first && failure.first } : failure);
  }
  for (const { source, first } of byNode.values()) {
    walk.graph.decisions.push({ container, sources: [source], arm: "catch", first });
  }
  walk.decide(container, conditions, "catch");
  return [...[...byNode.values()].map(({ source }) => source), ...conditions];
}

/** Without a handler, what fails in the block fails around it. */
function passOn(walk: Walk, frame: TryFrame): void {
  const around = walk.tries.at(-1);
  const exit = around?.exit ?? UNCAUGHT;
  if (around) {
    around.failures.push(...frame.failures);
    around.thrown.push(...frame.thrown);
    around.conditions.push(...frame.conditions);
    if (frame.steps) failAt(around, frame.steps);
  }
  walk.state.guards = withoutExit(walk.state.guards, (e) => e === frame.exit, [exit]);
  if (walk.state.left.has(frame.exit)) walk.state.left = new Set([...walk.state.left, exit]);
}

/** `finally` runs on every way out, also where the statements after it do not. */
function runFinally(walk: Walk, block: Node, failed: State, at: Place): void {
  const through = walk.state;
  const out = through.live ? joinStates(through, failed) : failed.copy();
  out.steps = joinSteps(through.steps, failed.steps);
  out.guards = failed.guards;
  walk.state = out.copy();
  walk.execute(block, at);
  const cleaned = walk.state;
  if (!through.live || !cleaned.live) {
    walk.state = Object.assign(cleaned, { live: false, left: cleaned.live ? through.left : cleaned.left });
    return;
  }
  walk.state = through.copy();
  for (const [slot, value] of cleaned.slots) if (value !== out.slots.get(slot)) walk.setSlot(slot, value);
  for (const [id, cell] of cleaned.cells) if (cell !== out.cells.get(id)) walk.setCell(id, cell);
  const late = [...cleaned.steps].filter(([step, status]) => out.steps.get(step) !== status);
  walk.state.steps = new Map([...through.steps, ...late]);
  walk.state.winners = new Map([...through.winners, ...cleaned.winners]);
  walk.state.guards = new Map([...cleaned.guards, ...through.guards]);
}

/** Before the block, or after any of its writes. */
function stateAtFailure(before: State, frame: TryFrame): State {
  const after = before.copy();
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
  after.steps = frame.steps ?? before.steps;
  return after;
}
