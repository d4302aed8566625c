/** Takes queued jobs back from lanes that turn out to be busy, for lanes with nothing to do. */
import type { Clock, Job } from "@millrace/core";
import type { LaneState } from "./lane-state.js";

/** How often queued jobs are moved from busy lanes to idle ones, ms. */
const REBALANCE_MS = 10;

/** A job that stands on a lane. */
export interface StandingJob {
  readonly job: Job;
  /** It runs. */
  readonly claimed: boolean;
  /** It has been asked for. */
  revoked: boolean;
}

/** The watch over the lanes of one dispatcher. */
export class Rebalancing<E extends StandingJob> {
  readonly #clock: Clock;
  readonly #donor: () => LaneState<E> | undefined;
  #cancel: (() => void) | undefined;

  /** @param donor The lane that has jobs queued while another idles; undefined if there is none. */
  constructor(clock: Clock, donor: () => LaneState<E> | undefined) {
    this.#clock = clock;
    this.#donor = donor;
  }

  /** While there is a donor, takes half of what waits there now and then. */
  watch(): void {
    if (this.#cancel || !this.#donor()) return;
    this.#cancel = this.#clock.after(
      REBALANCE_MS,
      () => {
        this.#cancel = undefined;
        const donor = this.#donor();
        if (donor) takeHalf(donor);
        this.watch();
      },
      { unref: true },
    );
  }

  stop(): void {
    this.#cancel?.();
  }
}

/** The half that came last. */
function takeHalf({ inFlight, lane }: LaneState<StandingJob>): void {
  const waiting = [...inFlight.values()].filter(({ claimed, revoked }) => !claimed && !revoked);
  const taken = waiting.slice(Math.floor(waiting.length / 2));
  for (const entry of taken) entry.revoked = true;
  lane.revoke(taken.map(({ job }) => job.id));
}
