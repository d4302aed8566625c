/** A lane of a spawner: a queue, worked off one attempt at a time. */
import type { AbortReason, Clock, Job, JobOutcome, Lane, LaneEvent } from "@millrace/core";
import { abortError, stoppedOutcome } from "../../attempt/outcome.js";
import { EventQueue } from "../event-queue.js";
import { SpawnedAttempt } from "./spawned-attempt.js";
import type { Spawner } from "./spawner.js";

/** What a lane shares with the other lanes of its executor. */
export interface SpawnLaneParts {
  readonly spawner: Spawner;
  readonly clock: Clock;
  /** Called before an attempt is spawned. */
  begin(): void;
}

/** One lane. */
export class SpawnLane implements Lane {
  readonly #events: EventQueue;
  readonly #parts: SpawnLaneParts;
  /** Jobs not yet claimed, in order. */
  readonly #waiting = new Map<number, Job>();
  #current: SpawnedAttempt | undefined;
  #ended = false;
  #onIdle: (() => void)[] = [];

  constructor(on: (events: readonly LaneEvent[]) => void, parts: SpawnLaneParts) {
    this.#events = new EventQueue(on);
    this.#parts = parts;
  }

  push(jobs: readonly Job[]): void {
    if (this.#ended) return this.#giveBack(jobs.map(({ id }) => id));
    for (const job of jobs) this.#waiting.set(job.id, job);
    // What is spawned must not run inside the engine's call.
    setImmediate(() => this.#next());
  }

  revoke(ids: readonly number[]): void {
    this.#giveBack(ids.filter((id) => this.#waiting.delete(id)));
  }

  abort(id: number, reason: AbortReason): void {
    const waiting = this.#waiting.get(id);
    if (waiting) {
      this.#waiting.delete(id);
      return this.#settled(id, stoppedOutcome(reason, abortError(waiting, reason)), this.#parts.clock.now());
    }
    if (this.#current?.job.id === id) this.#current.abort(reason);
  }

  /** What is spawned asks nothing. */
  answer(): void {}

  close(): Promise<void> {
    if (!this.#current && this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Gives everything back at once and kills what runs. With an error: nothing can be spawned here any more. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    const ids = [...this.#waiting.keys()];
    this.#waiting.clear();
    if (this.#current) {
      ids.unshift(this.#current.job.id);
      this.#current.abandon();
      this.#current = undefined;
    }
    if (ids.length > 0) this.#events.add({ type: "returned", ids, reason: "thread-lost" });
    if (error) this.#events.add({ type: "broken", error });
    this.#idle();
  }

  #giveBack(ids: readonly number[]): void {
    if (ids.length > 0) this.#events.add({ type: "returned", ids, reason: "revoked" });
  }

  #next(): void {
    if (this.#current) return;
    const [job] = this.#waiting.values();
    if (!job) return this.#idle();
    this.#waiting.delete(job.id);
    void this.#run(job);
  }

  async #run(job: Job): Promise<void> {
    const { spawner, clock, begin } = this.#parts;
    const { id } = job;
    const startedAt = clock.now();
    this.#events.add({ type: "claimed", id, at: startedAt });
    begin();
    const attempt = new SpawnedAttempt(job, {
      spawner,
      clock,
      log: (level, text) => this.#events.add({ type: "log", id, level, text, at: clock.now() }),
      progress: (fraction, message) =>
        this.#events.add({
          type: "progress",
          id,
          ...(fraction === undefined ? {} : { fraction }),
          ...(message === undefined ? {} : { message }),
        }),
    });
    this.#current = attempt;
    const outcome = await attempt.run();
    if (this.#current !== attempt) return;
    this.#current = undefined;
    this.#settled(id, outcome, startedAt);
    this.#next();
  }

  #settled(id: number, outcome: JobOutcome, startedAt: number): void {
    this.#events.add({ type: "settled", id, outcome, startedAt, endedAt: this.#parts.clock.now() });
  }

  #idle(): void {
    const waiters = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiters) resolve();
  }
}
