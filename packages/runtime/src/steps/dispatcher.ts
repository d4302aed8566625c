/**
 * Dispatcher: which lane gets what may start. It knows jobs and lanes, not steps, retries or runs; what may start is the
 * admission's to say.
 *
 * Jobs travel in arrays. A lane gets one job at a time unless its task has proved short: then several are queued on the
 * lane ahead of time, up to a few milliseconds of work. Queued jobs of a lane that turns out to be busy are taken back
 * for lanes with nothing to do.
 */
import type { AbortReason, Clock, Executor, Job, Lane, LaneEvent } from "@millrace/core";
import { Admission } from "./admission/admission.js";
import type { Ticket } from "./admission/group.js";
import { type EngineLimits, type StepLimits, shortage } from "./admission/limits.js";

import { lostTooOften, noLaneLeft } from "./dispatch-errors.js";
import { ExpectedDurations } from "./expected-durations.js";

/** Who wants to know what becomes of a job. */
export interface JobListener {
  claimed(at: number): void;
  progress(fraction: number | undefined, message: string | undefined): void;
  chunk(value: Uint8Array): void;
  log(line: Extract<LaneEvent, { readonly type: "log" }>): void;
  settled(event: Extract<LaneEvent, { readonly type: "settled" }>): void;
  /** The job runs again from the start. */
  returned(reason: "revoked" | "thread-lost"): void;
  /** No lane is left. */
  refused(error: Error): void;
}

interface Entry {
  readonly job: Job;
  readonly listener: JobListener;
  readonly limits: StepLimits | undefined;
  ticket: Ticket<Entry> | undefined;
  lane: LaneState | undefined;
  claimed: boolean;
  revoked: boolean;
  /** Threads that ended under it through no fault that could be shown. */
  lost: number;
}

interface LaneState {
  readonly lane: Lane;
  readonly inFlight: Map<number, Entry>;
  /** Expected work queued here, ms. */
  load: number;
}

/** Work queued ahead on one lane, ms. */
const AHEAD_MS = 4;
/** Jobs queued ahead on one lane at most. */
const AHEAD_JOBS = 256;
/** A job that has lost so many threads is not tried again. */
const LOST_LIMIT = 3;
/** So many jobs of one turn of the event loop do not wait for its end: a body that issues thousands at once has lanes begin meanwhile. */
const EARLY_JOBS = 64;
/** How often queued jobs are moved from busy lanes to idle ones, ms. */
const REBALANCE_MS = 10;

/** What an engine grants. */
export interface DispatcherOptions extends EngineLimits {
  /** Jobs that run at once over all lanes. Default: no limit but the lanes. */
  readonly maxConcurrency?: number | undefined;
}

/** Spreads jobs over the lanes of one executor. */
export class Dispatcher {
  readonly #lanes: Set<LaneState> = new Set();
  readonly #entries = new Map<number, Entry>();
  readonly #durations = new ExpectedDurations(2 * AHEAD_MS);
  readonly #clock: Clock;
  readonly #options: DispatcherOptions;
  readonly #admission: Admission<Entry>;
  #running = 0;
  #pumping = false;
  #stopWaiting: (() => void) | undefined;
  #stopRebalancing: (() => void) | undefined;
  #broken: Error | undefined;

  constructor(executor: Executor, clock: Clock, options: DispatcherOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#admission = new Admission(options);
    for (let i = 0; i < Math.min(executor.width, this.#limit); i++) {
      const state: LaneState = {
        lane: executor.openLane((events) => this.#receive(state, events)),
        inFlight: new Map(),
        load: 0,
      };
      this.#lanes.add(state);
    }
  }

  /**
   * Queues a job; jobs of one turn of the event loop leave together, unless they are many. One that asks for more than the engine has is refused.
   * @param limits What it asks for besides a lane.
   */
  dispatch(job: Job, listener: JobListener, limits?: StepLimits): void {
    const short = limits && shortage(job.node, limits.needs, this.#options);
    if (short) return listener.refused(short);
    const entry: Entry = {
      job,
      listener,
      limits,
      ticket: undefined,
      lane: undefined,
      claimed: false,
      revoked: false,
      lost: 0,
    };
    this.#entries.set(job.id, entry);
    this.#queue(entry);
  }

  /** Asks a job to stop. False if it had not left for a lane: then nothing more is heard of it. */
  abort(id: number, reason: AbortReason): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    if (entry.lane) {
      entry.lane.lane.abort(id, reason);
      return true;
    }
    this.#entries.delete(id);
    if (entry.ticket) this.#admission.remove(entry.ticket);
    this.#schedule();
    return false;
  }

  /** Closes the lanes. Jobs still in flight end as the lanes decide. */
  async close(): Promise<void> {
    this.#stopRebalancing?.();
    this.#stopWaiting?.();
    await Promise.all([...this.#lanes].map(({ lane }) => lane.close()));
  }

  #queue(entry: Entry): void {
    entry.ticket = this.#admission.add(entry, entry.limits);
    this.#schedule();
    if (this.#admission.waiting % EARLY_JOBS === 0 && this.#idle()) this.#pump();
  }

  #schedule(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#broken) return this.#refuseAll(this.#broken);
    const batches = new Map<LaneState, Job[]>();
    const now = this.#clock.now();
    while (this.#running < this.#limit) {
      const ticket = this.#admission.peek(now);
      if (!ticket) break;
      const entry = ticket.item;
      const state = this.#roomiest(entry);
      if (!state) break;
      this.#admission.take(ticket, now);
      this.#running++;
      entry.lane = state;
      state.inFlight.set(entry.job.id, entry);
      state.load += this.#durations.expected(entry.job.task);
      const batch = batches.get(state);
      if (batch) batch.push(entry.job);
      else batches.set(state, [entry.job]);
    }
    for (const [state, jobs] of batches) state.lane.push(jobs);
    this.#awaitOpening(now);
    this.#watch();
  }

  /** A rate limit lets somebody go later on, though nothing ends. */
  #awaitOpening(now: number): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    const at = this.#admission.opensAt;
    if (at !== undefined) this.#stopWaiting = this.#clock.after(Math.max(0, at - now), () => this.#schedule());
  }

  get #limit(): number {
    return this.#options.maxConcurrency ?? Number.POSITIVE_INFINITY;
  }

  /** The lane with the least work that can take a job. */
  #roomiest(entry: Entry): LaneState | undefined {
    const expected = this.#durations.expected(entry.job.task);
    // What it holds others wait for, so it is not queued behind anything.
    const holds = entry.limits !== undefined && (entry.limits.needs.length > 0 || entry.limits.rate !== undefined);
    let best: LaneState | undefined;
    for (const state of this.#lanes) {
      const fits =
        state.inFlight.size === 0 || (!holds && state.load + expected <= AHEAD_MS && state.inFlight.size < AHEAD_JOBS);
      if (
        fits &&
        (!best || state.load < best.load || (state.load === best.load && state.inFlight.size < best.inFlight.size))
      ) {
        best = state;
      }
    }
    return best;
  }

  #receive(state: LaneState, events: readonly LaneEvent[]): void {
    for (const event of events) {
      if (event.type === "broken") this.#drop(state, event.error);
      else if (event.type === "returned") for (const id of event.ids) this.#returned(id, event.reason);
      else this.#about(event);
    }
    if (this.#admission.waiting > 0) this.#schedule();
    else this.#watch();
  }

  #about(event: Exclude<LaneEvent, { readonly type: "broken" | "returned" }>): void {
    const entry = this.#entries.get(event.id);
    if (!entry) return;
    switch (event.type) {
      case "claimed":
        entry.claimed = true;
        return entry.listener.claimed(event.at);
      case "progress":
        return entry.listener.progress(event.fraction, event.message);
      case "chunk":
        return entry.listener.chunk(event.value);
      case "log":
        return entry.listener.log(event);
      case "settled":
        this.#durations.learn(entry.job.task, event.endedAt - event.startedAt);
        this.#forget(entry);
        this.#entries.delete(event.id);
        return entry.listener.settled(event);
    }
  }

  #returned(id: number, reason: "revoked" | "thread-lost"): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#forget(entry);
    entry.lane = undefined;
    entry.claimed = false;
    entry.revoked = false;
    if (reason === "thread-lost" && ++entry.lost === LOST_LIMIT) {
      this.#entries.delete(id);
      return entry.listener.refused(lostTooOften(entry.job, LOST_LIMIT));
    }
    this.#queue(entry);
    entry.listener.returned(reason);
  }

  #forget(entry: Entry): void {
    const state = entry.lane;
    if (!state) return;
    this.#running--;
    if (entry.ticket) this.#admission.release(entry.ticket);
    state.inFlight.delete(entry.job.id);
    state.load = state.inFlight.size === 0 ? 0 : Math.max(0, state.load - this.#durations.expected(entry.job.task));
  }

  #drop(state: LaneState, error: Error): void {
    this.#lanes.delete(state);
    for (const entry of [...state.inFlight.values()]) this.#returned(entry.job.id, "thread-lost");
    if (this.#lanes.size === 0) this.#refuseAll(error);
  }

  #refuseAll(error: Error): void {
    this.#broken = error;
    for (const entry of this.#admission.clear()) {
      this.#entries.delete(entry.job.id);
      entry.listener.refused(noLaneLeft(entry.job, error));
    }
  }

  /** While some lane idles and another has jobs queued behind a busy one, take those back now and then. */
  #watch(): void {
    if (this.#stopRebalancing || !this.#unbalanced()) return;
    this.#stopRebalancing = this.#clock.after(
      REBALANCE_MS,
      () => {
        this.#stopRebalancing = undefined;
        const donor = this.#unbalanced();
        if (donor) {
          const waiting = [...donor.inFlight.values()].filter((e) => !e.claimed && !e.revoked);
          const taken = waiting.slice(Math.floor(waiting.length / 2));
          for (const entry of taken) entry.revoked = true;
          donor.lane.revoke(taken.map((e) => e.job.id));
        }
        this.#watch();
      },
      { unref: true },
    );
  }

  #idle(): boolean {
    for (const { inFlight } of this.#lanes) if (inFlight.size === 0) return true;
    return false;
  }

  #unbalanced(): LaneState | undefined {
    if (this.#admission.waiting > 0) return undefined;
    let idle = false;
    let donor: LaneState | undefined;
    for (const state of this.#lanes) {
      if (state.inFlight.size === 0) idle = true;
      else if (state.inFlight.size > 1 && state.inFlight.size > (donor?.inFlight.size ?? 1)) donor = state;
    }
    return idle ? donor : undefined;
  }
}
