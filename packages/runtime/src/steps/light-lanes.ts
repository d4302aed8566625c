/** The lanes of light steps, by the threads that they share: which of them a step gets is decided by what is taken of each thread. */
import type { LaneState } from "./lane-state.js";

/** How light lanes come to be. */
export interface LightLanesOptions<E> {
  /** Threads that may be shared. */
  readonly threads: number;
  /** Lanes of each: what a thread has to give. */
  readonly lanes: number;
  /** Opens one in a thread; undefined if none is to be opened now. */
  open(thread: number): LaneState<E> | undefined;
}

/** The lanes of all threads, opened as they are needed. */
export class LightLanes<E> {
  readonly #options: LightLanesOptions<E>;
  readonly #threads: readonly Set<LaneState<E>>[];

  constructor(options: LightLanesOptions<E>) {
    this.#options = options;
    this.#threads = Array.from({ length: options.threads }, () => new Set<LaneState<E>>());
  }

  /** An idle lane for a step that takes such a share of a thread; undefined if no thread has so much left, or none is to be opened now. */
  roomFor(share: number): LaneState<E> | undefined {
    const { lanes } = this.#options;
    const weight = weightOf(share, lanes);
    const thread = threadFor(this.#threads.map(taken), weight, lanes);
    if (thread === undefined) return undefined;
    const state = this.#idleIn(thread);
    if (state) state.weight = weight;
    return state;
  }

  /** Takes a broken lane out. */
  drop(state: LaneState<E>): void {
    for (const states of this.#threads) states.delete(state);
  }

  /** All that are open. */
  get all(): readonly LaneState<E>[] {
    return this.#threads.flatMap((states) => [...states]);
  }

  #idleIn(thread: number): LaneState<E> | undefined {
    const states = this.#threads[thread];
    for (const state of states ?? []) if (state.inFlight.size === 0) return state;
    const opened = this.#options.open(thread);
    if (opened) states?.add(opened);
    return opened;
  }
}

/** A share of a thread as a number of its lanes: at least one, at most all. */
export function weightOf(share: number, lanes: number): number {
  return Math.min(Math.max(Math.round(share * lanes), 1), lanes);
}

/** The first thread that has so much left: threads fill one after another, so that what mostly waits takes few. */
export function threadFor(taken: readonly number[], weight: number, capacity: number): number | undefined {
  const found = taken.findIndex((weights) => weights + weight <= capacity);
  return found === -1 ? undefined : found;
}

function taken(states: ReadonlySet<LaneState<unknown>>): number {
  let sum = 0;
  for (const { inFlight, weight } of states) if (inFlight.size > 0) sum += weight;
  return sum;
}
