/** A clock that stands still until the test moves it. Hand it to `openEngine({ clock })` or to whatever takes a Clock. */

// Imported, not global: the limit of a wait is real time, also under fake timers.
import { clearTimeout, setTimeout } from "node:timers";
import { type Clock, formatDuration, MillraceError } from "@millrace/core";

interface Timer {
  /** ms since 1970; Infinity never comes. */
  readonly due: number;
  readonly callback: () => void;
  /** Somebody's business in the background, such as a heartbeat: nothing comes to an end by it. */
  readonly background: boolean;
}

interface Waiter {
  readonly ms: number;
  readonly found: () => void;
}

/** 2027-01-15T08:00:00Z: no time that a test would take for now. */
const START = 1_800_000_000_000;
/** Timers that one move may fire: far more than a test sets, few enough to be reached at once. */
const MAX_FIRED = 100_000;

/**
 * Time under the test's control. Timers fire inside `advance` and `advanceToNext`, in the order in which they are due, those
 * due at the same time in the order in which they were set; `now()` is then their due time. Timers set meanwhile fire in the
 * same move if they are due in it. Timers that are `unref`, such as the engine's heartbeat, fire like others, but are neither
 * listed nor waited for.
 */
export class ManualClock implements Clock {
  #now: number;
  #timers: Timer[] = [];
  readonly #waiters = new Set<Waiter>();

  /** Starts at a time in ms since 1970. */
  constructor(start: number = START) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void, { unref = false }: { readonly unref?: boolean } = {}): () => void {
    // As Node does: what is due in the past, or at no time, is due at once.
    const timer = { due: this.#now + (ms > 0 ? ms : 0), callback, background: unref };
    this.#timers.push(timer);
    this.#tellWaiters();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** In how many ms each waiting timer is due, the next one first. */
  get timers(): readonly number[] {
    const shown = this.#timers.filter(({ background }) => !background);
    return shown.map(({ due }) => due - this.#now).sort((a, b) => a - b);
  }

  /**
   * Moves time forward by so many ms and fires what is due. A callback that throws stops neither the others nor the time;
   * then its error is thrown, or an AggregateError for several.
   * @throws MillraceError `clock-misuse` if `ms` is no number from 0, or callbacks set timers without end.
   */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new MillraceError("clock-misuse", `A clock cannot be advanced by ${ms} ms: time goes forward, and ends.`);
    }
    const end = this.#now + ms;
    const errors: unknown[] = [];
    for (let fired = 0; ; fired += 1) {
      const next = this.#next();
      if (!next || next.due > end) break;
      if (fired === MAX_FIRED) {
        throw new MillraceError("clock-misuse", `Advancing by ${ms} ms has fired ${MAX_FIRED} timers and goes on.`, {
          hint: "A callback sets a timer that is due at once, again and again.",
        });
      }
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.due;
      try {
        next.callback();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#now = end;
    this.#tellWaiters();
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} timers threw.`);
    if (errors.length === 1) throw errors[0];
  }

  /**
   * Moves time to the next timer, fires it with all that are due at the same time, and returns by how many ms time moved.
   * @throws MillraceError `clock-misuse` if no timer waits.
   */
  advanceToNext(): number {
    const [ms] = this.timers;
    if (ms === undefined || ms === Number.POSITIVE_INFINITY) {
      throw new MillraceError("clock-misuse", "The clock cannot be advanced to the next timer: none waits.", {
        hint: "Wait for the timer first: await clock.waiting(ms).",
      });
    }
    this.advance(ms);
    return ms;
  }

  /**
   * Resolves when a timer that is due in just so many ms waits: what sets it has come so far. Gives up after `withinMs` of
   * real time, 4,000 by default, since a thread or a disk may still be at work for any number of turns.
   * @throws MillraceError `clock-misuse` then, with the timers that do wait.
   */
  async waiting(ms: number, { withinMs = 4_000 }: { readonly withinMs?: number } = {}): Promise<void> {
    if (this.#waits(ms)) return;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        ms,
        found: () => {
          clearTimeout(limit);
          this.#waiters.delete(waiter);
          resolve();
        },
      };
      const limit = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(this.#noTimer(ms, withinMs));
      }, withinMs);
      this.#waiters.add(waiter);
    });
  }

  /** The timer that is due first; of several the one that was set first. */
  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (!next || timer.due < next.due) next = timer;
    return next;
  }

  #waits(ms: number): boolean {
    return this.#timers.some(({ due, background }) => !background && due - this.#now === ms);
  }

  #tellWaiters(): void {
    for (const waiter of this.#waiters) if (this.#waits(waiter.ms)) waiter.found();
  }

  #noTimer(ms: number, withinMs: number): MillraceError {
    const timers = this.timers;
    const there = timers.length === 0 ? "none waits" : `those that wait are due in ${timers.join(", ")} ms`;
    return new MillraceError(
      "clock-misuse",
      `No timer that is due in ${ms} ms was set within ${formatDuration(withinMs)} of real time: ${there}.`,
      { hint: "Ask for the ms from now on, after every move of the clock.", data: { ms, timers: [...timers] } },
    );
  }
}
