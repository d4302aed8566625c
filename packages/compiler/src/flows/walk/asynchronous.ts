/**
 * Code that goes on while its caller does: asynchronous functions, and the callbacks of promises. It is walked where it
 * is called, but what it waits for is known to the caller only behind an `await` of its promise.
 */

import { chain, RESOLVED, settledSince } from "../promises.js";
import { State } from "../state.js";
import type { Promised, Value } from "../value.js";
import { withPromise } from "../values.js";
import type { Place } from "./place.js";
import { openFrame, type TryFrame } from "./try-frame.js";
import type { Walk } from "./walk.js";

/** Walks the code; gives what its promise resolves to. */
export function asynchronous(walk: Walk, at: Place, run: () => Value): Value {
  const before = walk.state.copy();
  const frame = openFrame(at.conditions.length);
  walk.tries.push(frame);
  const value = run();
  walk.tries.pop();
  const end = walk.state;
  walk.state = comeBack(before, end, frame);
  return withPromise(value, chain(promiseOfBody(before, end, frame), value.promise, frame.steps));
}

/** The caller goes on at once: what was issued is pending, nothing is known to have settled. */
function comeBack(before: State, end: State, { steps: failed }: TryFrame): State {
  const steps = new Map(before.steps);
  for (const node of [...end.steps.keys(), ...(failed?.keys() ?? [])]) if (!steps.has(node)) steps.set(node, "pending");
  const { winners, guards, drained } = before;
  return Object.assign(new State(end.slots, end.cells), { steps, winners, guards, drained });
}

function promiseOfBody(before: State, end: State, frame: TryFrame): Promised {
  return {
    ...RESOLVED,
    fulfilled: settledSince(before.steps, end.steps),
    rejected: frame.steps ? settledSince(before.steps, frame.steps) : [],
    winners: [...end.winners.values()].filter(({ race }) => !before.winners.has(race)),
    failures: frame.failures,
    thrown: frame.thrown,
    guards: [...end.guards.values()].filter(({ exits }) => exits.has(frame.exit)),
    items: [...end.drained].filter((loop) => !before.drained.has(loop)),
    fails: !end.live,
  };
}
