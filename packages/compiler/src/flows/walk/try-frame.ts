/** What a `try` block, or an asynchronous function, has done so far, whatever of it was done when it failed. */
import type { Exit } from "../guards.js";
import type { Source } from "../source.js";
import type { Cell, Slot } from "../state.js";
import { joinSteps, type Steps } from "../steps.js";
import type { Failure, Value } from "../value.js";
import type { Place } from "./place.js";

/** What is known where errors are caught. */
export interface TryFrame {
  readonly exit: Exit;
  readonly slots: Map<Slot, Value>;
  readonly cells: Map<number, Cell>;
  readonly failures: Failure[];
  readonly thrown: Value[];
  /** Number of conditions around the block. */
  readonly base: number;
  /** What decides whether it throws, besides the failures of steps. */
  readonly conditions: Source[];
  /** How far the steps are wherever it may fail; undefined: nowhere. */
  steps: Steps | undefined;
}

let count = 0;

/** A frame for one block. */
export function openFrame(base: number): TryFrame {
  count += 1;
  return {
    exit: `throw:${count}`,
    slots: new Map(),
    cells: new Map(),
    failures: [],
    thrown: [],
    base,
    conditions: [],
    steps: undefined,
  };
}

/** Something in the block may fail with the steps as they are in a state. */
export function failAt(frame: TryFrame | undefined, steps: Steps): void {
  if (frame) frame.steps = frame.steps ? joinSteps(frame.steps, steps) : steps;
}

/** A `throw` in the block. */
export function throwInto(frame: TryFrame | undefined, steps: Steps, value: Value, at: Place): void {
  if (!frame) return;
  frame.thrown.push(value);
  frame.conditions.push(...at.conditions.slice(frame.base).flat());
  failAt(frame, steps);
}
