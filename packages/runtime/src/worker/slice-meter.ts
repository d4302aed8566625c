/**
 * Measures how long attempts hold the thread that they share: whose callback runs is known by its AsyncLocalStorage, and what one attempt
 * uses of one turn of the event loop is a *slice*. Costs about 0.1 µs for each callback, and nothing while nobody is watched.
 */
import { createHook } from "node:async_hooks";
import { performance } from "node:perf_hooks";
import type { AttemptSlices } from "@millrace/core";
import { type AttemptScope, currentAttempt, runOutsideAttempts } from "../attempt/attempt-scope.js";

/** Where the meter's times come from, ms. */
export interface SliceClock {
  now(): number;
  /** How long the event loop has had nothing to do so far. */
  idle(): number;
}

const threadClock: SliceClock = {
  now: () => performance.now(),
  idle: () => performance.nodeTiming.idleTime,
};

/** One attempt that is watched. */
interface Watched {
  busyMs: number;
  waitedMs: number;
  /** Sum of the squares of its slices, ms². */
  squares: number;
  /** Its slice in this turn so far, ms. */
  turnMs: number;
  /** When it let go of the thread. */
  leftAt: number;
}

/** The watch over one attempt. */
export interface SliceWatch {
  /** Forgets what was measured: it was not the attempt's own work. */
  restart(): void;
  /** Ends the watch. */
  end(): AttemptSlices;
}

/** The meter of one thread. */
export class SliceMeter {
  readonly #clock: SliceClock;
  readonly #watched = new Map<AttemptScope, Watched>();
  readonly #hook = createHook({ before: () => this.#enter(), after: () => this.#leave() });
  /** Callbacks that are running, the innermost last. */
  readonly #inside: (Watched | undefined)[] = [];
  /** Up to when the innermost one's time has been counted. */
  #countedAt = 0;
  /** Who has used this turn. */
  readonly #users = new Set<Watched>();
  /** Somebody has used this turn. */
  #inTurn = false;
  /** How long the loop had been idle when the last turn ended, and when that had begun. */
  #lastTurn = { begun: 0, idle: -1 };
  /** The earliest time at which what runs in this turn can have been ready: from then on an attempt may have waited for its thread alone. */
  #readyFrom = 0;

  constructor(clock: SliceClock = threadClock) {
    this.#clock = clock;
  }

  /** Starts an attempt under watch. */
  start<A extends { readonly scope: AttemptScope }>(
    begin: () => A,
  ): { readonly attempt: A; readonly watch: SliceWatch } {
    const begunAt = this.#clock.now();
    this.#beginTurn(begunAt);
    // Before its code runs: V8 tells of the end of an `await` only if somebody listened when it began.
    this.#hook.enable();
    const attempt = begin();
    const watched: Watched = { busyMs: 0, waitedMs: 0, squares: 0, turnMs: 0, leftAt: begunAt };
    this.#watched.set(attempt.scope, watched);
    this.#count(watched, begunAt, this.#clock.now());
    return { attempt, watch: this.#watchOver(attempt.scope, watched) };
  }

  #watchOver(scope: AttemptScope, watched: Watched): SliceWatch {
    return {
      restart: () => {
        const at = this.#clock.now();
        Object.assign(watched, { busyMs: 0, waitedMs: 0, squares: 0, turnMs: 0, leftAt: at });
        this.#countedAt = at;
      },
      end: () => {
        this.#watched.delete(scope);
        if (this.#watched.size === 0) this.#stop();
        endSlice(watched);
        const { busyMs, waitedMs, squares } = watched;
        return { busyMs, waitedMs, sliceMs: busyMs === 0 ? 0 : squares / busyMs };
      },
    };
  }

  #enter(): void {
    const scope = currentAttempt();
    const now = this.#clock.now();
    this.#countInnermost(now);
    const watched = scope && this.#watched.get(scope);
    if (watched) this.#beginTurn(now);
    this.#inside.push(watched);
    this.#countedAt = now;
  }

  #leave(): void {
    // Of callbacks that were entered before the watch began only the ends are heard.
    if (this.#inside.length === 0) return;
    const now = this.#clock.now();
    this.#countInnermost(now);
    this.#inside.pop();
    this.#countedAt = now;
  }

  #countInnermost(now: number): void {
    const innermost = this.#inside.at(-1);
    if (innermost) this.#count(innermost, this.#countedAt, now);
  }

  #count(watched: Watched, from: number, to: number): void {
    if (!this.#users.has(watched)) {
      this.#users.add(watched);
      watched.waitedMs += Math.max(0, this.#readyFrom - watched.leftAt);
    }
    watched.turnMs += to - from;
    watched.leftAt = to;
  }

  /** Unless it has begun. Before anybody puts something off to the next turn: that is to come after the end of this one. */
  #beginTurn(at: number): void {
    if (this.#inTurn) return;
    this.#inTurn = true;
    const { begun, idle } = this.#lastTurn;
    // Without a pause in between it may have been ready since the last turn looked for it.
    this.#readyFrom = this.#clock.idle() > idle ? at : begun;
    runOutsideAttempts(() => setImmediate(() => this.#endTurn(at)));
  }

  #endTurn(begun: number): void {
    this.#lastTurn = { begun, idle: this.#clock.idle() };
    this.#inTurn = false;
    for (const watched of this.#users) endSlice(watched);
    this.#users.clear();
  }

  #stop(): void {
    this.#hook.disable();
    this.#inside.length = 0;
  }
}

function endSlice(watched: Watched): void {
  watched.busyMs += watched.turnMs;
  watched.squares += watched.turnMs ** 2;
  watched.turnMs = 0;
}
