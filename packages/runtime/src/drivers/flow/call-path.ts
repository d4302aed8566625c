/** Turns the frames around a call into its path, and counts the issues of each site: the part of a step key that is positional. */
import { type ActivationPath, itemPath, type Site, type StepKey, stepKey } from "@millrace/core";
import { currentFrame, type Frame } from "@millrace/sdk/internal";

/** Where a call stands in its body. */
export interface CallPath {
  /** Path under which the call is counted: the body's, or that of the innermost map item. */
  readonly path: ActivationPath;
  /** Sites of all frames, outermost first. */
  readonly frames: readonly Site[];
  /** The frames themselves. */
  readonly chain: readonly Frame[];
}

/** Paths and counters of one body. */
export class CallPaths {
  readonly #root: CallPath;
  readonly #counters = new Map<string, number>();
  readonly #frames = new WeakMap<Frame, CallPath>();
  readonly #executions = new WeakMap<object, StepKey>();

  constructor(body: ActivationPath) {
    this.#root = { path: body, frames: [], chain: [] };
  }

  /** Where the running code stands. */
  current(): CallPath {
    return this.#of(currentFrame());
  }

  /** The key of the next issue of a site under a path. */
  nextKey(path: ActivationPath, site: Site): StepKey {
    const name = `${path}/${site}`;
    const ordinal = this.#counters.get(name) ?? 0;
    this.#counters.set(name, ordinal + 1);
    return stepKey(path, site, ordinal);
  }

  /** Names an execution of a map before its first item runs. */
  nameExecution(execution: object, key: StepKey): void {
    this.#executions.set(execution, key);
  }

  #of(frame: Frame | undefined): CallPath {
    if (!frame) return this.#root;
    let found = this.#frames.get(frame);
    if (!found) {
      const outer = this.#of(frame.parent);
      const path = frame.item
        ? itemPath(this.#execution(frame, outer, frame.item.execution), frame.item.key)
        : outer.path;
      found = { path, frames: [...outer.frames, frame.site], chain: [...outer.chain, frame] };
      this.#frames.set(frame, found);
    }
    return found;
  }

  #execution(frame: Frame, outer: CallPath, execution: object): StepKey {
    let key = this.#executions.get(execution);
    if (!key) {
      key = this.nextKey(outer.path, frame.site);
      this.#executions.set(execution, key);
    }
    return key;
  }
}
