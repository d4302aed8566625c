/**
 * The observer behind every kind of notification: picks the moments that are wanted, and has a courier carry them, in order, each
 * with a few attempts. What cannot be delivered is said on stderr and costs a run nothing; the engine's close waits 10 s at most.
 */
import { type Clock, MillraceError, type Observer, type RunEvent, systemClock, withoutRevealed } from "@millrace/core";
import { OrderedCalls } from "../ordered-calls.js";
import { type RunMomentKind, RunMoments } from "../run-moments.js";
import { type Notification, notificationOf } from "./notification.js";

/** What every notifier can be told. */
export interface NotifierOptions {
  /** Moments that are told of; all others are not. */
  readonly on: readonly RunMomentKind[];
  /** Tries for each notification, with pauses of 1 s, 4 s, 16 s, …, between them, or as long as the receiver asks for, a minute at most. Default 3. */
  readonly attempts?: number;
  /** Time of each try, ms. Default 10,000. */
  readonly timeout?: number;
  /** Source of time. */
  readonly clock?: Clock;
}

/** Whoever took the message does not want it, and would not want it later either. */
export interface Refusal {
  readonly refused: string;
}

/** Whoever would take the message asks for a pause before the next try. */
export class TryLater extends Error {
  /** ms; notifiers wait a minute at most. */
  readonly pauseMs: number;

  constructor(message: string, pauseMs: number) {
    super(message);
    this.pauseMs = pauseMs;
  }
}

/** Carries notifications to one place. */
export interface Courier {
  /** For messages. */
  readonly name: string;
  /** Before the first one. */
  open?(): Promise<void>;
  /** Rejects if it is worth another try. The signal says that its time is over. */
  send(notification: Notification, signal: AbortSignal): Promise<Refusal | undefined>;
  /** After the last one. */
  close?(): void | Promise<void>;
}

const KINDS: readonly RunMomentKind[] = ["start", "restart", "success", "failure", "abort", "suspend"];
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** @throws MillraceError `invalid-options` for moments that there are not, and counts that are none. */
export function notifier(courier: Courier, options: NotifierOptions): Observer {
  for (const kind of options.on) if (!KINDS.includes(kind)) throw wrong("on", `some of ${KINDS.join(", ")}`, kind);
  const { attempts = 3, timeout = 10_000 } = options;
  if (!Number.isInteger(attempts) || attempts < 1) throw wrong("attempts", "a whole number from 1", attempts);
  if (!(timeout > 0)) throw wrong("timeout", "a number of milliseconds above 0", timeout);
  return new Notifier(courier, { on: options.on, attempts, timeout, clock: options.clock ?? systemClock });
}

class Notifier implements Observer {
  readonly name: string;
  readonly #courier: Courier;
  readonly #options: Required<NotifierOptions>;
  readonly #calls = new OrderedCalls();
  readonly #moments = new RunMoments();
  /** Aborted when the engine closes: nobody pauses from then on. */
  readonly #closing = new AbortController();
  /** Aborted when the time of the close is over. */
  readonly #over = new AbortController();

  constructor(courier: Courier, options: Required<NotifierOptions>) {
    this.name = courier.name;
    this.#courier = courier;
    this.#options = options;
  }

  async open(): Promise<void> {
    await this.#courier.open?.();
  }

  on(event: RunEvent): void {
    if (this.#closing.signal.aborted) return;
    const moment = this.#moments.of(event);
    if (!moment || !this.#options.on.includes(moment.kind)) return;
    const notification = notificationOf(moment);
    if (this.#calls.full) this.#report(notification, "too many others wait");
    else this.#calls.add(() => this.#deliver(notification));
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    try {
      await this.#calls.finish();
    } finally {
      this.#over.abort();
      await this.#courier.close?.();
    }
  }

  /** Never rejects: what comes next is told in any case. */
  async #deliver(notification: Notification): Promise<void> {
    const { attempts } = this.#options;
    for (let attempt = 1; !this.#over.signal.aborted; attempt += 1) {
      try {
        const refusal = await this.#inTime((signal) => this.#courier.send(notification, signal));
        if (refusal) this.#report(notification, refusal.refused);
        return;
      } catch (error) {
        if (attempt === attempts) return this.#report(notification, reasonOf(error));
        const asked = error instanceof TryLater ? Math.min(error.pauseMs, LONGEST_PAUSE_MS) : 0;
        await this.#pause(Math.max(asked, PAUSE_MS * 4 ** (attempt - 1)));
      }
    }
  }

  async #inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, timeout } = this.#options;
    const limit = new AbortController();
    const late = new Error(`no answer in ${timeout} ms`);
    const cancel = clock.after(timeout, () => limit.abort(late), { unref: true });
    const signal = AbortSignal.any([limit.signal, this.#over.signal]);
    try {
      return await Promise.race([work(signal), rejection(signal)]);
    } finally {
      cancel();
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, done);
      signal.addEventListener("abort", done);
    });
  }

  #report({ kind, run }: Notification, reason: string): void {
    const text = `the observer "${this.name}" could not tell of "${kind}" of run ${run}: ${reason}`;
    process.stderr.write(`millrace: ${withoutRevealed(text)}\n`);
  }
}

/** Rejects when the signal does. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** An error's words, with those of what led to it: `fetch failed` says nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const why = cause instanceof Error ? `: ${cause.message || (cause as NodeJS.ErrnoException).code}` : "";
  return `${error.message}${why}`;
}

function wrong(option: string, expected: string, given: unknown): MillraceError {
  return new MillraceError("invalid-options", `${option} must be ${expected}, not ${JSON.stringify(given)}.`, {
    hint: `Correct it, or leave ${option} out.`,
    data: { option },
  });
}
