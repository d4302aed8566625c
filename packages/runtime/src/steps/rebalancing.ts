/** Takes queued jobs back from lanes that turn out to be busy, for lanes with nothing to do. */
import type { Clock, Job } from "@millrace/core";
import type { LaneState } from "./lane-state.js";

/** How often queued jobs are moved from busy lanes to idle ones, ms. Those behind more work than this are moved at once. */
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

  /** While there is a donor, takes half of what waits there now and then; at once, if it would wait for long. */
  watch(): void {
    if (this.#cancel) return;
    const found = this.#donor();
    if (!found) return;
    if (found.load > REBALANCE_MS) takeHalf(found);
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
function takeHalf(state: LaneState<StandingJob>): void {
  const waiting = waitingOn(state);
  takeFrom(state, waiting.slice(Math.floor(waiting.length / 2)));
}

/** The jobs that stand on a lane and do not run, as far as is known. */
export function waitingOn<E extends StandingJob>({ inFlight }: LaneState<E>): readonly E[] {
  return [...inFlight.values()].filter(({ claimed, revoked }) => !claimed && !revoked);
}

/** Asks for these jobs: those that have not begun come back. */
export function takeFrom({ lane }: LaneState<StandingJob>, jobs: readonly StandingJob[]): void {
  if (jobs.length === 0) return;
  for (const entry of jobs) entry.revoked = true;
  lane.revoke(jobs.map(({ job }) => job.id));
}
