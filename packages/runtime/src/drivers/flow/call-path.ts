/** Turns the frames around a call into its path, and counts the issues of each site: the part of a step key that is positional. */
import { type ActivationPath, itemPath, type Site, type StepKey, stepKey } from "@millrace/core";
import { currentFrame, type Frame } from "@millrace/sdk/internal";

/** Where a call stands in its body. */
export interface CallPath {
  /** Path under which the call is counted: the body's, or that of the innermost map item. */
  readonly path: ActivationPath;
  /** Sites of all frames, outermost first. */
  readonly frames: readonly Site[];
  /** The innermost frame. */
  readonly frame: Frame | undefined;
}

/** Stands on the frame itself, since a frame belongs to one body: a WeakMap of every item is what garbage collection spends its time on. */
const PATH = Symbol("millrace.path");

/** A frame in which something was called. */
interface PlacedFrame {
  [PATH]?: CallPath;
}

/** The frames from the outermost to this one. */
export function chainOf(frame: Frame | undefined): readonly Frame[] {
  const chain: Frame[] = [];
  for (let at = frame; at; at = at.parent) chain.push(at);
  return chain.reverse();
}

/** Paths and counters of one body. */
export class CallPaths {
  readonly #root: CallPath;
  /** How often a site was issued, by the key of its first issue. */
  readonly #counters = new Map<StepKey, number>();
  /** Sites of frames by those around them: the items of a map share one list. */
  readonly #sites = new WeakMap<readonly Site[], Map<Site, readonly Site[]>>();
  readonly #executions = new WeakMap<object, StepKey>();

  constructor(body: ActivationPath) {
    this.#root = { path: body, frames: [], frame: undefined };
  }

  /** Where the running code stands. */
  current(): CallPath {
    return this.#of(currentFrame());
  }

  /** The key of the next issue of a site under a path. */
  nextKey(path: ActivationPath, site: Site): StepKey {
    const first = stepKey(path, site, 0);
    const ordinal = this.#counters.get(first) ?? 0;
    this.#counters.set(first, ordinal + 1);
    return ordinal === 0 ? first : stepKey(path, site, ordinal);
  }

  /** Names an execution of a map before its first item runs. */
  nameExecution(execution: object, key: StepKey): void {
    this.#executions.set(execution, key);
  }

  #of(frame: Frame | undefined): CallPath {
    if (!frame) return this.#root;
    const placed = frame as PlacedFrame;
    let found = placed[PATH];
    if (!found) {
      const outer = this.#of(frame.parent);
      const path = frame.item
        ? itemPath(this.#execution(frame, outer, frame.item.execution), frame.item.key)
        : outer.path;
      found = { path, frames: this.#inside(outer.frames, frame.site), frame };
      placed[PATH] = found;
    }
    return found;
  }

  #inside(outer: readonly Site[], site: Site): readonly Site[] {
    const inner = this.#sites.get(outer) ?? new Map<Site, readonly Site[]>();
    this.#sites.set(outer, inner);
    const sites = inner.get(site) ?? [...outer, site];
    inner.set(site, sites);
    return sites;
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
