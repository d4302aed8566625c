/** The jobs of a thread lane between push and their end, and what the engine hears of them. */
import type { AbortReason, Clock, Job, JobOutcome, LaneEvent } from "@millrace/core";
import { abortError, stoppedOutcome } from "../../attempt/outcome.js";
import type { WireSettled } from "../../wire/from-thread.js";
import { EventQueue } from "../event-queue.js";
import { LaneJob } from "./lane-job.js";

/** What is told of how a job used its thread. */
type ThreadUse = Pick<WireSettled, "busyMs" | "slices">;

/** All jobs of one lane, in the order of push. */
export class LaneJobs {
  readonly #clock: Clock;
  readonly #events: EventQueue;
  readonly #byId = new Map<number, LaneJob>();

  /** @param on The engine's ear. */
  constructor(clock: Clock, on: (events: readonly LaneEvent[]) => void) {
    this.#clock = clock;
    this.#events = new EventQueue(on);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** In the order of push; a copy, so that each may end. */
  get all(): readonly LaneJob[] {
    return [...this.#byId.values()];
  }

  get(id: number): LaneJob | undefined {
    return this.#byId.get(id);
  }

  add(jobs: readonly Job[]): readonly LaneJob[] {
    const added = jobs.map((job) => new LaneJob(job));
    for (const laneJob of added) this.#byId.set(laneJob.job.id, laneJob);
    return added;
  }

  /** Says something of a job that is no end of it. */
  say(event: Exclude<LaneEvent, { readonly type: "claimed" | "settled" | "returned" }>): void {
    this.#events.add(event);
  }

  /** Delivers at once what has been said: for callers that are no call of the engine's. */
  deliver(): void {
    this.#events.deliver();
  }

  claimed(laneJob: LaneJob, at: number): void {
    if (laneJob.claimedAt !== undefined) return;
    laneJob.claimedAt = at;
    this.#events.add({ type: "claimed", id: laneJob.job.id, at });
  }

  /** Ends a job whose code has been entered, by its own word or because its thread is gone. */
  settleClaimed(laneJob: LaneJob, outcome: JobOutcome, startedAt: number, endedAt: number, use?: ThreadUse): void {
    // Short attempts and those that block their thread have not announced themselves.
    this.claimed(laneJob, startedAt);
    this.#settle(laneJob, outcome, endedAt, use);
  }

  /** Ends a job that has not begun. */
  stop(laneJob: LaneJob, reason: AbortReason): void {
    this.#settle(laneJob, stoppedOutcome(reason, abortError(laneJob.job, reason)), this.#clock.now());
  }

  /** Ends, after its thread has gone, what had been told to stop there. */
  stopped(laneJob: LaneJob, reason: AbortReason): void {
    const now = this.#clock.now();
    this.settleClaimed(laneJob, stoppedOutcome(reason, abortError(laneJob.job, reason)), now, now);
  }

  /** Gives jobs back, also some that were never taken. */
  giveBack(ids: readonly number[], reason: "revoked" | "thread-lost"): void {
    for (const id of ids) this.#byId.delete(id);
    if (ids.length > 0) this.#events.add({ type: "returned", ids, reason });
  }

  #settle(laneJob: LaneJob, outcome: JobOutcome, endedAt: number, { busyMs, slices }: ThreadUse = {}): void {
    const { id } = laneJob.job;
    laneJob.cancelGrace();
    this.#byId.delete(id);
    this.#events.add({
      type: "settled",
      id,
      outcome,
      startedAt: laneJob.claimedAt ?? endedAt,
      endedAt,
      ...(busyMs === undefined ? {} : { busyMs }),
      ...(slices ? { slices } : {}),
    });
  }
}
