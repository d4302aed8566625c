/**
 * Dispatcher: what goes to which lane, and when. It knows jobs and lanes, not steps, retries or runs.
 *
 * Jobs travel in arrays. A lane gets one job at a time unless its task has proved short: then several are queued on the
 * lane ahead of time, up to a few milliseconds of work. Queued jobs of a lane that turns out to be busy are taken back
 * for lanes with nothing to do.
 */
import {
  type AbortReason,
  type Clock,
  type Executor,
  type Job,
  type Lane,
  type LaneEvent,
  MillraceError,
} from "@millrace/core";

/** Who wants to know what becomes of a job. */
export interface JobListener {
  claimed(at: number): void;
  progress(fraction: number | undefined, message: string | undefined): void;
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
  lane: LaneState | undefined;
  claimed: boolean;
  revoked: boolean;
  /** Aborted while it waited for a lane. */
  aborted: boolean;
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
/** Expected duration of a task that has never run, ms: too long to queue another behind it. */
const UNKNOWN_MS = 2 * AHEAD_MS;
/** A job that has lost so many threads is not tried again. */
const LOST_LIMIT = 3;
/** How often queued jobs are moved from busy lanes to idle ones, ms. */
const REBALANCE_MS = 10;

/** Spreads jobs over the lanes of one executor. */
export class Dispatcher {
  readonly #lanes: Set<LaneState> = new Set();
  readonly #entries = new Map<number, Entry>();
  readonly #durations = new Map<string, number>();
  readonly #clock: Clock;
  readonly #limit: number;
  #ready: Entry[] = [];
  #head = 0;
  #pumping = false;
  #stopRebalancing: (() => void) | undefined;
  #broken: Error | undefined;

  constructor(executor: Executor, clock: Clock, maxConcurrency: number = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#limit = maxConcurrency;
    for (let i = 0; i < Math.min(executor.width, maxConcurrency); i++) {
      const state: LaneState = {
        lane: executor.openLane((events) => this.#receive(state, events)),
        inFlight: new Map(),
        load: 0,
      };
      this.#lanes.add(state);
    }
  }

  /** Queues a job. Jobs of one turn of the event loop leave together. */
  dispatch(job: Job, listener: JobListener): void {
    const entry: Entry = { job, listener, lane: undefined, claimed: false, revoked: false, aborted: false, lost: 0 };
    this.#entries.set(job.id, entry);
    this.#ready.push(entry);
    this.#schedule();
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
    // It stays in the queue and is passed over: looking for it there would cost the length of the queue for each abort.
    entry.aborted = true;
    return false;
  }

  /** Closes the lanes. Jobs still in flight end as the lanes decide. */
  async close(): Promise<void> {
    this.#stopRebalancing?.();
    await Promise.all([...this.#lanes].map(({ lane }) => lane.close()));
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
    let running = this.#inFlight();
    while (this.#head < this.#ready.length && running < this.#limit) {
      const entry = this.#ready[this.#head];
      if (!entry) break;
      if (entry.aborted) {
        this.#head++;
        continue;
      }
      const expected = this.#durations.get(entry.job.task) ?? UNKNOWN_MS;
      const state = this.#roomiest(expected);
      if (!state) break;
      this.#head++;
      running++;
      entry.lane = state;
      state.inFlight.set(entry.job.id, entry);
      state.load += expected;
      const batch = batches.get(state);
      if (batch) batch.push(entry.job);
      else batches.set(state, [entry.job]);
    }
    if (this.#head > 1_000 && this.#head * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#head);
      this.#head = 0;
    }
    for (const [state, jobs] of batches) state.lane.push(jobs);
    this.#watch();
  }

  /** The lane with the least work that can take a job of that length. */
  #roomiest(expected: number): LaneState | undefined {
    let best: LaneState | undefined;
    for (const state of this.#lanes) {
      const fits = state.inFlight.size === 0 || (state.load + expected <= AHEAD_MS && state.inFlight.size < AHEAD_JOBS);
      if (
        fits &&
        (!best || state.load < best.load || (state.load === best.load && state.inFlight.size < best.inFlight.size))
      ) {
        best = state;
      }
    }
    return best;
  }

  #inFlight(): number {
    let n = 0;
    for (const state of this.#lanes) n += state.inFlight.size;
    return n;
  }

  #receive(state: LaneState, events: readonly LaneEvent[]): void {
    for (const event of events) {
      if (event.type === "broken") this.#drop(state, event.error);
      else if (event.type === "returned") for (const id of event.ids) this.#returned(id, event.reason);
      else this.#about(event);
    }
    if (this.#head < this.#ready.length) this.#schedule();
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
      case "log":
        return entry.listener.log(event);
      case "settled":
        this.#learn(entry.job.task, event.endedAt - event.startedAt);
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
      return entry.listener.refused(lostTooOften(entry.job));
    }
    this.#ready.push(entry);
    entry.listener.returned(reason);
  }

  #forget(entry: Entry): void {
    const state = entry.lane;
    if (!state) return;
    state.inFlight.delete(entry.job.id);
    state.load =
      state.inFlight.size === 0 ? 0 : Math.max(0, state.load - (this.#durations.get(entry.job.task) ?? UNKNOWN_MS));
  }

  #learn(task: string, ms: number): void {
    const before = this.#durations.get(task);
    const measured = Math.max(ms, 0.005);
    // Rises at once and falls slowly: one long attempt is reason enough to stop queueing behind this task.
    this.#durations.set(task, before === undefined || measured > before ? measured : before * 0.8 + measured * 0.2);
  }

  #drop(state: LaneState, error: Error): void {
    this.#lanes.delete(state);
    for (const entry of [...state.inFlight.values()]) this.#returned(entry.job.id, "thread-lost");
    if (this.#lanes.size === 0) this.#refuseAll(error);
  }

  #refuseAll(error: Error): void {
    this.#broken = error;
    const refused = this.#ready.slice(this.#head);
    this.#ready = [];
    this.#head = 0;
    for (const entry of refused.filter(({ aborted }) => !aborted)) {
      this.#entries.delete(entry.job.id);
      entry.listener.refused(
        new MillraceError("thread-start-failed", `${entry.job.node} cannot run: ${error.message}`, {
          hint: "Look at the cause; a run that stopped here can be resumed.",
          data: { step: entry.job.key, task: entry.job.task },
          cause: error,
        }),
      );
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

  #unbalanced(): LaneState | undefined {
    if (this.#head < this.#ready.length) return undefined;
    let idle = false;
    let donor: LaneState | undefined;
    for (const state of this.#lanes) {
      if (state.inFlight.size === 0) idle = true;
      else if (state.inFlight.size > 1 && state.inFlight.size > (donor?.inFlight.size ?? 1)) donor = state;
    }
    return idle ? donor : undefined;
  }
}

function lostTooOften(job: Job): MillraceError {
  return new MillraceError("thread-lost", `${job.node} lost its worker thread ${LOST_LIMIT} times.`, {
    hint: "Something ends threads of this process: look at native modules, and at what other tasks do at the same time.",
    data: { step: job.key, task: job.task },
  });
}
