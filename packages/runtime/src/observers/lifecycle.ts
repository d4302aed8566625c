/** The methods that loggers and extensions may have for the life of a run, and which of them a moment calls. */
import type { RunMoment, RunMomentKind } from "./run-moments.js";

/** All of them may be left out, and may be asynchronous: what follows waits. */
export interface Lifecycle {
  /** A run begins or goes on in this process; before all else. */
  onCreate?(moment: RunMoment): void | Promise<void>;
  /** It goes on from its record; after `onCreate`. */
  onRestart?(moment: RunMoment): void | Promise<void>;
  /** It has succeeded. */
  onSuccess?(moment: RunMoment): void | Promise<void>;
  /** It has failed. */
  onFailure?(moment: RunMoment): void | Promise<void>;
  /** It was cancelled, or its process was asked to stop. */
  onAbort?(moment: RunMoment): void | Promise<void>;
  /** It stopped before its end for another reason: it waits for a message, nothing can settle what it waits for, … */
  onSuspend?(moment: RunMoment): void | Promise<void>;
  /** Nothing of the run follows; after all else. */
  onDestroy?(moment: RunMoment): void | Promise<void>;
}

const CALLED: Readonly<Record<RunMomentKind, readonly (keyof Lifecycle)[]>> = {
  start: ["onCreate"],
  restart: ["onCreate", "onRestart"],
  success: ["onSuccess", "onDestroy"],
  failure: ["onFailure", "onDestroy"],
  abort: ["onAbort", "onDestroy"],
  suspend: ["onSuspend", "onDestroy"],
};

/** The calls that a moment makes of what a target has, in order. */
export function lifecycleCalls(target: Lifecycle, moment: RunMoment): readonly (() => unknown)[] {
  return CALLED[moment.kind].map((hook) => () => target[hook]?.(moment));
}
