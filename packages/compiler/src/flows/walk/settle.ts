/** What an `await` does to the state: steps have settled behind it, and what it may throw goes to the `try` around it. */
import { type Draft, holds } from "../draft.js";
import { UNCAUGHT, withGuards } from "../guards.js";
import { isSettled, joinStatus, type StepStatus, type Steps } from "../steps.js";
import type { Promised, Value, Wait } from "../value.js";
import type { Place } from "./place.js";
import { failAt } from "./try-frame.js";
import type { Walk } from "./walk.js";

/** Waits for a value. What is no promise is there at once. */
export function settle(walk: Walk, value: Value, at: Place): void {
  const { promise } = value;
  if (!promise) return;
  const { state } = walk;
  noteEarlier(walk, promise, at);
  for (const { node } of promise.fulfilled) walk.graph.abandoned.delete(node);
  reject(walk, promise);
  state.steps = afterWaits(state.steps, promise.fulfilled);
  state.winners = new Map([...state.winners, ...promise.winners.map((winner) => [winner.race, winner] as const)]);
  state.guards = withGuards(state.guards, promise.guards, walk.tries.at(-1)?.exit ?? UNCAUGHT);
  if (promise.items.length > 0) state.drained = new Set([...state.drained, ...promise.items]);
  if (promise.fails) state.leave(walk.tries.at(-1)?.exit ?? UNCAUGHT);
}

/** Steps of earlier turns are no part of the state of this one. */
function noteEarlier(walk: Walk, promise: Promised, at: Place): void {
  for (const { node } of promise.fulfilled) {
    if (walk.state.steps.has(node)) continue;
    for (const turn of at.turns) if (holds(turn.draft, node)) turn.waited.add(node);
  }
}

/** Passes on what a promise may reject with. Steps that have succeeded cannot fail any more. */
function reject(walk: Walk, promise: Promised): void {
  const frame = walk.tries.at(-1);
  if (!frame) return;
  const failures = promise.failures.filter(({ source }) => walk.state.steps.get(source.node) !== "succeeded");
  if (failures.length === 0 && promise.thrown.length === 0) return;
  frame.failures.push(...failures);
  frame.thrown.push(...promise.thrown);
  frame.conditions.push(...promise.guards.flatMap(({ condition }) => condition));
  failAt(frame, afterWaits(walk.state.steps, promise.rejected));
}

/** The steps after waiting for some of them. */
export function afterWaits(steps: Steps, waits: readonly Wait[]): Steps {
  if (waits.length === 0) return steps;
  const after = new Map<Draft, StepStatus>(steps);
  for (const { node, on, sure } of waits) {
    const before = after.get(node);
    if (before === undefined || before === "succeeded") continue;
    const status = on === "success" ? "succeeded" : "settled";
    if (sure) after.set(node, status);
    else if (!isSettled(before)) after.set(node, joinStatus(before, status));
  }
  return after;
}
