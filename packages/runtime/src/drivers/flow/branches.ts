/**
 * Branches of a body: which steps stand behind a promise that the body holds, so that `race`, `all` and `map` can end what nobody waits
 * for any more. The code of a branch sees that as the failure of what it has called; what it calls in `catch` or `finally` runs.
 */
import type { StepKey } from "@millrace/core";
import { type Frame, frameOf } from "@millrace/sdk/internal";

/** Ends a branch: aborts what it has begun, and names it. */
export type EndBranch = (message: string) => readonly StepKey[];

/** Aborts units. Both name what they have aborted. */
export interface BranchUnits {
  abort(key: StepKey, message: string): readonly StepKey[];
  /** Those whose frames say so, asked from the innermost frame outwards. */
  abortInside(isIt: (frame: Frame) => boolean, message: string): readonly StepKey[];
}

/** Stands on the promise itself: a WeakMap of every call that a body makes is what garbage collection spends its time on. */
const ORIGIN = Symbol("millrace.origin");

/** What may stand behind a promise. */
interface Traced {
  [ORIGIN]?: StepKey | EndBranch;
}

/** The branches of one body. */
export class Branches {
  readonly #units: BranchUnits;

  constructor(units: BranchUnits) {
    this.#units = units;
  }

  /** Says what stands behind a promise that the body gets: a unit, or more. */
  began<T>(promise: Promise<T>, origin: StepKey | EndBranch): Promise<T> {
    // Safe: a promise that the engine made, with room for one more property.
    (promise as Traced)[ORIGIN] = origin;
    return promise;
  }

  /** Ends what stands behind a promise. What is none, or cannot be traced, is left alone. */
  end(promise: unknown, message: string): readonly StepKey[] {
    if (typeof promise !== "object" || promise === null) return [];
    const origin = (promise as Traced)[ORIGIN];
    if (typeof origin === "string") return this.#units.abort(origin, message);
    if (origin) return origin(message);
    const frame = frameOf(promise);
    return frame ? this.#units.abortInside((at) => at === frame, message) : [];
  }

  /** Ends the items of a map that have begun. */
  endItems(execution: object, message: string): readonly StepKey[] {
    return this.#units.abortInside((frame) => frame.item?.execution === execution, message);
  }
}
