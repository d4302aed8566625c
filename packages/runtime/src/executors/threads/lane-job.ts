/** A job that a thread lane has taken, and the batch in which it is sent. */
import type { AbortReason, Job } from "@millrace/core";
import { WIRE } from "../../wire/brand.js";
import { isRunning, newClaims, revoke } from "../../wire/claims.js";
import { FrameWriter } from "../../wire/frame.js";
import type { ToThread, WireJob } from "../../wire/to-thread.js";
import { bytesToWire } from "../../wire/wire-bytes.js";
import { refToWire } from "../../wire/wire-ref.js";

/** One job between push and its end. */
export class LaneJob {
  readonly job: Job;
  /** When it was claimed, ms since 1970, once the engine has heard of it. */
  claimedAt: number | undefined;
  /** Why it was told to stop, if it was. */
  stopping: AbortReason | undefined;
  /** Cancels the timer that ends the grace period. */
  cancelGrace: () => void = () => {};
  #claims: Int32Array | undefined;
  #slot = 0;

  constructor(job: Job) {
    this.job = job;
  }

  /** True if it has been sent on the lane's present channel. */
  get sent(): boolean {
    return this.#claims !== undefined;
  }

  /** True while the thread is inside the job. */
  get running(): boolean {
    return this.#claims !== undefined && isRunning(this.#claims, this.#slot);
  }

  /** Takes the job back; false if the thread has it. */
  revoke(): boolean {
    return this.#claims === undefined || revoke(this.#claims, this.#slot);
  }

  /** Notes the claim of a batch. */
  sentWith(claims: Int32Array, slot: number): void {
    this.#claims = claims;
    this.#slot = slot;
  }

  /** Takes the job back from a channel of which nothing has been heard; false if its thread has begun it all the same. */
  unsend(): boolean {
    const isBack = this.revoke();
    this.#claims = undefined;
    return isBack;
  }
}

/** The message that sends these jobs. */
export function batchOf(jobs: readonly LaneJob[]): ToThread {
  const writer = new FrameWriter();
  const claims = newClaims(jobs.length);
  const wire = jobs.map((laneJob, slot): WireJob => {
    laneJob.sentWith(claims, slot);
    const { params, refs } = laneJob.job;
    return {
      ...laneJob.job,
      identity: undefined,
      params: bytesToWire(params, writer),
      refs: refs?.map((ref) => refToWire(ref, writer)),
    };
  });
  return { wire: WIRE, type: "jobs", jobs: wire, frame: writer.take(), claims: claims.buffer };
}
