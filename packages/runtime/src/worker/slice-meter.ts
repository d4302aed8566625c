/**
 * Measures how long attempts hold the thread that they share: whose callback runs is known by its AsyncLocalStorage, and what one attempt
 * uses of one turn of the event loop is a *slice*. Costs about 0.1 µs for each callback, and nothing while nobody is watched.
 */
import { createHook } from "node:async_hooks";
import type { AttemptSlices } from "@millrace/core";
import { type AttemptScope, currentAttempt, runOutsideAttempts } from "../attempt/attempt-scope.js";

/** A turn that begins so soon after the last one may have had its callbacks ready before that ended, ms. */
const CLOSE_MS = 1;

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
  readonly #now: () => number;
  readonly #watched = new Map<AttemptScope, Watched>();
  readonly #hook = createHook({ before: () => this.#enter(), after: () => this.#leave() });
  /** Callbacks that are running, the innermost last. */
  readonly #inside: (Watched | undefined)[] = [];
  /** Up to when the innermost one's time has been counted. */
  #countedAt = 0;
  /** Who has used this turn. */
  readonly #users = new Set<Watched>();
  /** When this turn began; undefined before anybody has used it. */
  #turnAt: number | undefined;
  #lastTurn = { begun: 0, ended: Number.NEGATIVE_INFINITY };

  /** @param now Source of time, ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Starts an attempt under watch. */
  start<A extends { readonly scope: AttemptScope }>(
    begin: () => A,
  ): { readonly attempt: A; readonly watch: SliceWatch } {
    const begunAt = this.#now();
    // Before the attempt puts anything off to the next turn.
    this.#turnAt ??= this.#beginTurn(begunAt);
    const attempt = begin();
    const watched: Watched = { busyMs: 0, waitedMs: 0, squares: 0, turnMs: 0, leftAt: begunAt };
    this.#watched.set(attempt.scope, watched);
    if (this.#watched.size === 1) this.#hook.enable();
    this.#count(watched, begunAt, this.#now());
    return { attempt, watch: this.#watchOver(attempt.scope, watched) };
  }

  #watchOver(scope: AttemptScope, watched: Watched): SliceWatch {
    return {
      restart: () => {
        const at = this.#now();
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
    const now = this.#now();
    this.#countInnermost(now);
    this.#inside.push(scope && this.#watched.get(scope));
    this.#countedAt = now;
  }

  #leave(): void {
    // Of callbacks that were entered before the watch began only the ends are heard.
    if (this.#inside.length === 0) return;
    const now = this.#now();
    this.#countInnermost(now);
    this.#inside.pop();
    this.#countedAt = now;
  }

  #countInnermost(now: number): void {
    const innermost = this.#inside.at(-1);
    if (innermost) this.#count(innermost, this.#countedAt, now);
  }

  #count(watched: Watched, from: number, to: number): void {
    this.#turnAt ??= this.#beginTurn(from);
    if (!this.#users.has(watched)) {
      this.#users.add(watched);
      watched.waitedMs += Math.max(0, this.#readyFrom(this.#turnAt) - watched.leftAt);
    }
    watched.turnMs += to - from;
    watched.leftAt = to;
  }

  #beginTurn(at: number): number {
    runOutsideAttempts(() => setImmediate(() => this.#endTurn(at)));
    return at;
  }

  #endTurn(begun: number): void {
    this.#lastTurn = { begun, ended: this.#now() };
    this.#turnAt = undefined;
    for (const watched of this.#users) endSlice(watched);
    this.#users.clear();
  }

  /** The earliest time at which what runs in a turn can have been ready: from then on an attempt may have waited for its thread alone. */
  #readyFrom(turnAt: number): number {
    const { begun, ended } = this.#lastTurn;
    return turnAt - ended < CLOSE_MS ? begun : turnAt;
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
