/** A lane of the inline executor: a queue, worked off one attempt at a time, on this thread. */
import type { AbortReason, Clock, Job, JobOutcome, Lane, LaneEvent, SharedAnswer } from "@millrace/core";
import type { TaskLoader } from "../../attempt/load-task.js";
import type { OpenResources } from "../../attempt/open-resources.js";
import { abortError, stoppedOutcome, unstoppedOutcome } from "../../attempt/outcome.js";
import { type Attempt, type AttemptHost, startAttempt } from "../../attempt/run-attempt.js";
import { EventQueue } from "../event-queue.js";

/** Attempts that follow each other without a pause let the event loop turn after so long, ms. */
const SLICE_MS = 2;

/** The attempt in hand. */
interface Current {
  readonly job: Job;
  readonly attempt: Attempt;
  /** Ends the wait for the attempt with an outcome of the lane's; what still comes of it is dropped. */
  abandon(outcome: JobOutcome): void;
  cancelGrace?: () => void;
}

/** What a lane shares with the other lanes of its executor. */
export interface InlineLaneParts {
  readonly clock: Clock;
  readonly load: TaskLoader;
  readonly resources: OpenResources;
}

/** One lane. */
export class InlineLane implements Lane {
  readonly #events: EventQueue;
  readonly #clock: Clock;
  readonly #load: TaskLoader;
  readonly #resources: OpenResources;
  /** Jobs not yet claimed, in order. */
  readonly #waiting = new Map<number, Job>();
  #current: Current | undefined;
  #working = false;
  #ended = false;
  #onIdle: (() => void)[] = [];

  constructor(on: (events: readonly LaneEvent[]) => void, { clock, load, resources }: InlineLaneParts) {
    this.#events = new EventQueue(on);
    this.#clock = clock;
    this.#load = load;
    this.#resources = resources;
  }

  push(jobs: readonly Job[]): void {
    if (this.#ended) return this.#giveBack(jobs.map((job) => job.id));
    for (const job of jobs) this.#waiting.set(job.id, job);
    if (this.#working || this.#waiting.size === 0) return;
    this.#working = true;
    // User code must not run inside the engine's call.
    setImmediate(() => void this.#workOff());
  }

  revoke(ids: readonly number[]): void {
    this.#giveBack(ids.filter((id) => this.#waiting.delete(id)));
  }

  abort(id: number, reason: AbortReason): void {
    const waiting = this.#waiting.get(id);
    if (waiting) {
      this.#waiting.delete(id);
      const at = this.#clock.now();
      const outcome = stoppedOutcome(reason, abortError(waiting, reason));
      this.#events.add({ type: "settled", id, outcome, startedAt: at, endedAt: at });
      return;
    }
    const current = this.#current;
    if (current?.job.id !== id || current.cancelGrace) return;
    current.cancelGrace = this.#clock.after(current.job.graceMs, () => {
      current.abandon(unstoppedOutcome(current.job, reason, "it was abandoned and still runs"));
    });
    current.attempt.abort(reason);
  }

  answer(id: number, request: number, answer: SharedAnswer): void {
    if (this.#current?.job.id === id) this.#current.attempt.answer(request, answer);
  }

  close(): Promise<void> {
    if (!this.#working) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Gives everything back at once; a running attempt is told to stop and abandoned. Called by the executor's close. */
  end(): void {
    this.#ended = true;
    const ids = [...this.#waiting.keys()];
    this.#waiting.clear();
    const current = this.#current;
    if (current) {
      this.#current = undefined;
      current.cancelGrace?.();
      current.attempt.abort({ kind: "process", message: "The executor was closed." });
      current.attempt.abandon();
      ids.unshift(current.job.id);
    }
    if (ids.length > 0) this.#events.add({ type: "returned", ids, reason: "thread-lost" });
    this.#idle();
  }

  #giveBack(ids: readonly number[]): void {
    if (ids.length > 0) this.#events.add({ type: "returned", ids, reason: "revoked" });
  }

  async #workOff(): Promise<void> {
    let turn = performance.now();
    for (let job = this.#next(); job; job = this.#next()) {
      await this.#run(job);
      if (performance.now() - turn < SLICE_MS) continue;
      this.#events.deliver();
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
    this.#working = false;
    this.#events.deliver();
    if (!this.#ended && !this.#working) this.#idle();
  }

  #next(): Job | undefined {
    for (const [id, job] of this.#waiting) {
      this.#waiting.delete(id);
      return job;
    }
    return undefined;
  }

  async #run(job: Job): Promise<void> {
    const { id } = job;
    const startedAt = this.#clock.now();
    this.#events.add({ type: "claimed", id, at: startedAt });
    let abandoned = false;
    const host: AttemptHost = {
      clock: this.#clock,
      load: this.#load,
      resources: this.#resources,
      log: (level, text) => {
        if (!abandoned) this.#events.add({ type: "log", id, level, text, at: this.#clock.now() });
      },
      ask: (request, ask) => this.#events.add({ type: "shared", id, request, ask }),
      chunk: (value) => {
        if (!abandoned) this.#events.add({ type: "chunk", id, value });
      },
      progress: (fraction, message) => {
        if (abandoned) return;
        this.#events.add({
          type: "progress",
          id,
          ...(fraction === undefined ? {} : { fraction }),
          ...(message === undefined ? {} : { message }),
        });
      },
    };
    const attempt = startAttempt(job, host);
    const outcome = await new Promise<JobOutcome>((resolve) => {
      const abandon = (unstopped: JobOutcome): void => {
        abandoned = true;
        attempt.abandon();
        resolve(unstopped);
      };
      this.#current = { job, attempt, abandon };
      void attempt.ended.then((end) => resolve(end.outcome));
    });
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    current.cancelGrace?.();
    this.#events.add({ type: "settled", id, outcome, startedAt, endedAt: this.#clock.now() });
  }

  #idle(): void {
    const waiters = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiters) resolve();
  }
}
