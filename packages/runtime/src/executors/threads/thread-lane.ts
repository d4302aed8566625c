/**
 * A lane of the thread executor: owns the jobs between push and their end, and at most one channel, which is opened on
 * demand and closed while idle. It decides who is to blame when a thread dies; pool and channel do not.
 */
import type { AbortReason, Clock, Job, Lane, LaneEvent, LaneKind, SharedAnswer, SharedAsk } from "@millrace/core";
import { failedOutcome, unstoppedOutcome } from "../../attempt/outcome.js";
import { WIRE } from "../../wire/brand.js";
import { FrameWriter, keepFromFrame } from "../../wire/frame.js";
import { framed, unframed } from "../../wire/framed.js";
import type { WireEvent } from "../../wire/from-thread.js";
import { outcomeFromWire } from "../../wire/outcome-from-wire.js";
import { batchOf, type LaneJob } from "./lane-job.js";
import { LaneJobs } from "./lane-jobs.js";
import { ThreadChannel } from "./thread-channel.js";
import { deathOf, startFailure } from "./thread-death.js";
import type { ThreadPool } from "./thread-pool.js";

/** What a lane needs. */
export interface ThreadLaneOptions {
  readonly pool: ThreadPool;
  readonly clock: Clock;
  /** Longest time to a thread's first word, and to its last, ms. */
  readonly startTimeoutMs: number;
  /** How much a thread may hold after a step, MiB; undefined: a share of its heap's limit. */
  readonly recycleMiB: number | undefined;
  /** How long a channel stays open with nothing to do, ms. */
  readonly idleMs: number;
  /** Who else uses its threads. */
  readonly kind: LaneKind;
  /** The engine's ear. */
  readonly on: (events: readonly LaneEvent[]) => void;
}

/** How long a thread without work may take to end its channel, ms. */
const LEAVE_MS = 500;

/** One lane. */
export class ThreadLane implements Lane {
  readonly #options: ThreadLaneOptions;
  readonly #jobs: LaneJobs;
  #channel: ThreadChannel | undefined;
  /** Set while an idle channel closes: its thread must be free before the next is borrowed. */
  #ending: Promise<void> | undefined;
  #cancelIdle: (() => void) | undefined;
  #broken: Error | undefined;
  #closed = false;
  #onEmpty: (() => void)[] = [];

  constructor(options: ThreadLaneOptions) {
    this.#options = options;
    this.#jobs = new LaneJobs(options.clock, options.on);
  }

  /** True once its threads have failed to start: it takes no more jobs. */
  get broken(): boolean {
    return this.#broken !== undefined;
  }

  push(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    const ids = jobs.map((job) => job.id);
    if (this.#closed || this.#broken) return this.#jobs.giveBack(ids, "revoked");
    this.#send(this.#jobs.add(jobs));
  }

  revoke(ids: readonly number[]): void {
    const back = ids.filter((id) => this.#jobs.get(id)?.revoke() === true);
    this.#jobs.giveBack(back, "revoked");
    this.#rest();
  }

  abort(id: number, reason: AbortReason): void {
    const laneJob = this.#jobs.get(id);
    if (!laneJob || laneJob.stopping) return;
    if (laneJob.revoke()) {
      this.#jobs.stop(laneJob, reason);
      this.#rest();
      return;
    }
    laneJob.stopping = reason;
    // Finished there, its outcome on the way: nothing of it is left to stop.
    if (!laneJob.running) return;
    laneJob.cancelGrace = this.#options.clock.after(laneJob.job.graceMs, () => this.#graceOver(laneJob, reason));
    this.#channel?.send({ wire: WIRE, type: "abort", id, reason });
  }

  warm(): void {
    if (this.#closed || this.#broken || this.#ending) return;
    this.#channel ??= this.#open({});
  }

  answer(id: number, request: number, answer: SharedAnswer): void {
    if (!this.#jobs.get(id)) return;
    const frame = new FrameWriter();
    const wired =
      answer.type === "refused"
        ? answer
        : { type: answer.type, entries: answer.entries.map((entry) => framed(entry, frame)) };
    this.#channel?.send({ wire: WIRE, type: "answer", id, request, answer: wired, frame: frame.take() });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#jobs.size > 0) await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
    await this.#closeChannel();
  }

  /** Gives everything back and ends the thread, whatever it does; one that holds resources and has no work is set free. Called by the executor's close. */
  async end(): Promise<void> {
    this.#closed = true;
    this.#channel?.drain();
    const leaving = this.#channel?.holds && this.#jobs.size === 0 ? this.#channel : undefined;
    if (!leaving) this.#dropChannel();
    this.#loseAll();
    this.#rest();
    await leaving?.endWithin(LEAVE_MS);
  }

  #send(jobs: readonly LaneJob[]): void {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    const [first] = jobs;
    if (this.#ending || !first) return;
    if (this.#channel?.retired) return this.#leaveRetired();
    this.#channel ??= this.#open(first.job);
    this.#channel.send(batchOf(jobs));
  }

  /** What its thread has is finished there; what has not been sent waits for another one. */
  #leaveRetired(): void {
    if (this.#jobs.all.every((laneJob) => !laneJob.sent)) void this.#closeChannel();
  }

  #open({ memoryMiB }: Pick<Job, "memoryMiB">): ThreadChannel {
    const { pool, clock, startTimeoutMs, kind, recycleMiB } = this.#options;
    return new ThreadChannel({
      pool,
      clock,
      startTimeoutMs,
      limits: memoryMiB === undefined ? undefined : { maxOldGenerationSizeMb: memoryMiB },
      // Nobody else gets the thread of an isolated step.
      recycleMiB: kind === "isolated" ? Number.POSITIVE_INFINITY : recycleMiB,
      listener: {
        // Perhaps the job that it was started for did not come.
        opened: () => this.#rest(),
        worn: () => this.#replaceThread(),
        events: (events, frame) => this.#receive(events, frame),
        startFailed: (error) => this.#startFailed(error),
        died: (error) => this.#died(error),
      },
    });
  }

  #receive(events: readonly WireEvent[], frame: ArrayBuffer | undefined): void {
    let leftRunning = false;
    for (const event of events) {
      const laneJob = this.#jobs.get(event.id);
      switch (event.type) {
        case "log":
          // Also of jobs that have ended: a line that comes late is still a line.
          this.#jobs.say(event);
          break;
        case "claimed":
          if (laneJob) this.#jobs.claimed(laneJob, event.at);
          break;
        case "progress":
          if (laneJob) this.#jobs.say(event);
          break;
        case "shared":
          // Of a job that has ended nobody waits for an answer that counts.
          if (laneJob) this.#jobs.say({ ...event, ask: unframed<SharedAsk>(event.ask, frame) });
          break;
        case "chunk":
          if (laneJob && frame)
            this.#jobs.say({ type: "chunk", id: event.id, value: keepFromFrame(frame, event.value) });
          break;
        case "settled":
          if (event.leftRunning) leftRunning = true;
          if (laneJob) {
            const { startedAt, endedAt } = event;
            this.#jobs.settleClaimed(laneJob, outcomeFromWire(event.outcome, frame), startedAt, endedAt, event);
          }
          break;
      }
    }
    if (leftRunning) {
      this.#dropChannel();
      this.#loseAll();
    }
    this.#jobs.deliver();
    this.#rest();
  }

  /** Between two jobs: what was queued in the thread goes elsewhere, and never began. */
  #replaceThread(): void {
    this.#dropChannel();
    this.#loseAll("revoked");
    this.#jobs.deliver();
    this.#rest();
  }

  #startFailed(error: Error): void {
    this.#channel = undefined;
    const { pool } = this.#options;
    if (!pool.broken) {
      // One that has come up too late is ended in the middle of what it has begun.
      const begun = this.#jobs.all.filter((laneJob) => !laneJob.unsend());
      this.#jobs.giveBack(idsOf(begun), "thread-lost");
      this.#send(this.#jobs.all);
      return;
    }
    this.#broken = startFailure(error);
    // No thread was lost under them: none has come to be.
    this.#loseAll("revoked");
    this.#jobs.say({ type: "broken", error: this.#broken });
    this.#rest();
  }

  #died(error: Error): void {
    this.#channel = undefined;
    const now = this.#options.clock.now();
    // In a shared thread nobody can tell who it was: what ran there runs again, alone.
    if (this.#options.kind !== "light") {
      for (const laneJob of this.#jobs.all) {
        if (laneJob.running && !laneJob.stopping)
          this.#jobs.settleClaimed(laneJob, failedOutcome(deathOf(laneJob.job, error)), now, now);
      }
    }
    this.#loseAll();
    this.#rest();
  }

  #graceOver(laneJob: LaneJob, reason: AbortReason): void {
    // The answer may have come in this very turn.
    this.#channel?.drain();
    if (!this.#jobs.get(laneJob.job.id)) return;
    if (this.#options.kind === "light") return void this.#leaveShared(laneJob, reason);
    this.#giveUp(laneJob, reason, "its thread was ended");
  }

  /** A thread that still answers is left to its other steps; one that does not is blocked by one of them, nobody knows which. */
  async #leaveShared(laneJob: LaneJob, reason: AbortReason): Promise<void> {
    const channel = this.#channel;
    const lives = await channel?.answers();
    if (!channel || channel !== this.#channel || !this.#jobs.get(laneJob.job.id)) return;
    if (lives) this.#giveUp(laneJob, reason, "it was abandoned and still runs");
    else channel.killAll();
  }

  #giveUp(laneJob: LaneJob, reason: AbortReason, what: Parameters<typeof unstoppedOutcome>[2]): void {
    this.#dropChannel();
    const now = this.#options.clock.now();
    this.#jobs.settleClaimed(laneJob, unstoppedOutcome(laneJob.job, reason, what), now, now);
    this.#loseAll();
    this.#rest();
  }

  /** After the thread has gone: jobs that were told to stop have stopped, the others run again elsewhere. */
  #loseAll(reason: "thread-lost" | "revoked" = "thread-lost"): void {
    for (const laneJob of this.#jobs.all) {
      const { stopping } = laneJob;
      // Out of time in a thread that somebody blocked: perhaps not its fault.
      if (stopping?.kind === "timeout" && this.#options.kind === "light") continue;
      if (stopping) this.#jobs.stopped(laneJob, stopping);
    }
    this.#jobs.giveBack(idsOf(this.#jobs.all), reason);
  }

  #dropChannel(): void {
    this.#channel?.kill();
    this.#channel = undefined;
  }

  /** With nothing in flight: wakes those who wait for that, and lets the channel go after a while. */
  #rest(): void {
    if (this.#jobs.size > 0) {
      if (this.#channel?.retired) this.#leaveRetired();
      return;
    }
    for (const resolve of this.#onEmpty.splice(0)) resolve();
    if (this.#options.kind === "isolated") return void this.#closeChannel();
    if (!this.#channel || this.#cancelIdle || this.#ending) return;
    this.#cancelIdle = this.#options.clock.after(this.#options.idleMs, () => {
      this.#cancelIdle = undefined;
      void this.#closeChannel();
    });
  }

  async #closeChannel(): Promise<void> {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    if (this.#ending) return this.#ending;
    if (!this.#channel) return;
    // What a step has left behind may block its thread for good.
    this.#ending = this.#channel.endWithin(this.#options.startTimeoutMs);
    await this.#ending;
    this.#ending = undefined;
    this.#channel = undefined;
    this.#send(this.#jobs.all);
  }
}

function idsOf(jobs: readonly LaneJob[]): readonly number[] {
  return jobs.map(({ job }) => job.id);
}
