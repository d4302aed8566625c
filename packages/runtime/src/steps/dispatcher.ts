/**
 * Dispatcher: which lane gets what may start. It knows jobs and lanes, not steps, retries or runs; what may start is the
 * admission's to say.
 *
 * Jobs travel in arrays. A lane gets one job at a time unless its task has proved short: then several are queued on the
 * lane ahead of time, up to a few milliseconds of work, or the next one alone. Queued jobs are taken back for lanes with nothing to do,
 * and for jobs of higher priority.
 */
import type { AbortReason, Clock, Job, LaneEvent, SharedAnswer } from "@millrace/core";
import { failpoint } from "../failpoints/failpoint.js";
import { Admission } from "./admission/admission.js";
import { type EngineLimits, limitsHere, type StepLimits, shortage, withOwnThread } from "./admission/limits.js";
import { type Entry, newEntry, priorityOf } from "./dispatch-entry.js";
import { lostTooOften, noLaneLeft } from "./dispatch-errors.js";
import type { JobListener, JobNotes } from "./job-listener.js";
import type { LaneState } from "./lane-state.js";
import { type Executors, Lanes, type RoomNeed } from "./lanes.js";
import { Rebalancing, takeFrom, waitingOn } from "./rebalancing.js";
import { TaskHistory } from "./task-history.js";

/** A job that has lost so many threads is not tried again. */
const LOST_LIMIT = 3;
/** So many jobs of one turn of the event loop do not wait for its end: a body that issues thousands at once has lanes begin meanwhile. */
const EARLY_JOBS = 64;

/** What an engine grants. */
export interface DispatcherOptions extends EngineLimits {
  /** Jobs that run at once over all lanes. Default: no limit but the lanes. */
  readonly maxConcurrency?: number | undefined;
  /** Notes which jobs are with a lane. */
  readonly notes?: JobNotes;
}

/** Spreads jobs over the lanes of an engine. */
export class Dispatcher {
  readonly #lanes: Lanes<Entry>;
  readonly #entries = new Map<number, Entry>();
  readonly #history = new TaskHistory();
  readonly #clock: Clock;
  readonly #options: DispatcherOptions;
  readonly #admission: Admission<Entry>;
  readonly #rebalancing: Rebalancing<Entry>;
  #running = 0;
  /** Somebody has asked for a lane of a special kind. */
  #specials = false;
  /** Somebody has asked to go before others, or behind them. */
  #priorities = false;
  #pumping = false;
  #stopWaiting: (() => void) | undefined;

  constructor(executors: Executors, clock: Clock, options: DispatcherOptions) {
    const { width } = executors.tasks;
    this.#clock = clock;
    this.#options = { ...options, threads: Math.min(width, options.maxConcurrency ?? width) };
    this.#admission = new Admission(this.#options);
    this.#lanes = new Lanes(executors, this.#limit, (state, events) => this.#receive(state, events));
    this.#rebalancing = new Rebalancing(clock, () =>
      this.#admission.waiting > 0 ? undefined : this.#lanes.unbalanced,
    );
  }

  /**
   * Queues a job; jobs of one turn of the event loop leave together, unless they are many. One that asks for more than the engine has is refused.
   * @param asked What it asks for besides a lane.
   * @param ahead The longest path of its run that lies ahead of it, whole ms: of equal priorities, more goes first.
   */
  dispatch(job: Job, listener: JobListener, asked?: StepLimits, ahead = 0): void {
    const limits = asked && limitsHere(asked, this.#options);
    const short = limits && shortage(job.node, limits.needs, this.#options);
    if (short) return listener.refused(short);
    const kind = this.#lanes.kindFor(limits?.lane ?? "plain");
    const entry = newEntry({ job, listener, limits, ahead, kind });
    if (entry.kind !== "plain") this.#specials = true;
    if (priorityOf(limits) !== 0) this.#priorities = true;
    this.#entries.set(job.id, entry);
    this.#lanes.restore(entry.kind, this.#clock.now());
    this.#queue(entry);
  }

  /** A job for a thread is likely to come soon. */
  warm(): void {
    this.#lanes.warm();
  }

  /** How long an attempt of a task is expected to take, ms: by those that this engine has seen. */
  expected(task: string): number {
    return this.#history.expected(task);
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

  /** Answers what a job has asked; nothing happens if it is over. */
  answer(id: number, request: number, answer: SharedAnswer): void {
    this.#entries.get(id)?.lane?.lane.answer(id, request, answer);
  }

  /** Closes the lanes. Jobs still in flight end as the lanes decide. */
  async close(): Promise<void> {
    this.#rebalancing.stop();
    this.#stopWaiting?.();
    await this.#lanes.close();
  }

  #queue(entry: Entry): void {
    this.#admit(entry);
    if (this.#priorities) this.#makeWayFor(entry);
    this.#schedule();
    if (this.#admission.waiting % EARLY_JOBS === 0 && this.#lanes.idle) this.#pump();
  }

  #admit(entry: Entry): void {
    entry.ticket = this.#admission.add(entry, entry.limits, { at: this.#clock.now(), ahead: entry.ahead });
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
    const batches = new Map<LaneState<Entry>, Job[]>();
    const now = this.#clock.now();
    while (this.#running < this.#limit) {
      const ticket = this.#admission.peek(now);
      if (!ticket) break;
      const entry = ticket.item;
      if (this.#needsOwnThread(entry)) {
        this.#admission.remove(ticket);
        this.#moveToPlain(entry);
        continue;
      }
      const state = this.#lanes.roomFor(this.#roomOf(entry));
      if (!state) {
        const lost = this.#lanes.lossOf(entry.kind);
        if (lost) {
          this.#strand(entry, lost);
          continue;
        }
        // Lanes of other kinds may have room.
        if (!this.#specials) break;
        this.#admission.setAside(ticket);
        continue;
      }
      this.#admission.take(ticket, now);
      this.#running++;
      entry.lane = state;
      entry.behind = state.inFlight.size > 0;
      state.inFlight.set(entry.job.id, entry);
      state.load += this.#history.work(entry.job.task);
      const batch = batches.get(state);
      if (batch) batch.push(entry.job);
      else batches.set(state, [entry.job]);
    }
    this.#admission.takeBack();
    if (batches.size > 0) this.#options.notes?.leave([...batches.values()].flat());
    if (batches.size > 0) failpoint("jobs-noted");
    for (const [state, jobs] of batches) state.lane.push(jobs);
    if (batches.size > 0) failpoint("jobs-pushed");
    this.#awaitOpening(now);
    this.#rebalancing.watch();
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

  #roomOf({ job, limits, kind }: Entry): RoomNeed {
    // What it holds others wait for, so it is not queued behind anything.
    const alone = limits !== undefined && (limits.needs.length > 0 || limits.rate !== undefined);
    return { kind, expectedMs: this.#history.work(job.task), alone, share: this.#history.share(job.task) };
  }

  /** What has been queued on lanes and has not begun goes behind a job of higher priority. */
  #makeWayFor({ limits, kind }: Entry): void {
    if (kind !== "plain") return;
    const priority = priorityOf(limits);
    for (const state of this.#lanes.queued) {
      const lower = waitingOn(state).filter((entry) => priorityOf(entry.limits) < priority);
      takeFrom(state, lower);
    }
  }

  /** A light step whose task has turned out to leave its thread no room for others: it would only keep them waiting. */
  #needsOwnThread({ job, kind, limits }: Entry): boolean {
    if (kind !== "light" || !limits || this.#history.share(job.task) < 1) return false;
    return shortage(job.node, withOwnThread(limits).needs, this.#options) === undefined;
  }

  #moveToPlain(entry: Entry): void {
    entry.kind = "plain";
    entry.limits = entry.limits && withOwnThread(entry.limits);
    this.#admit(entry);
  }

  #receive(state: LaneState<Entry>, events: readonly LaneEvent[]): void {
    // Before the outcomes, whose commit ends this turn: a lane must not wait for the disk.
    if (this.#admission.waiting > 0) this.#schedule();
    for (const event of events) {
      if (event.type === "broken") this.#drop(state, event.error);
      else if (event.type === "returned") for (const id of event.ids) this.#returned(state, id, event.reason);
      else this.#about(state, event);
    }
    if (this.#admission.waiting > 0) this.#schedule();
    else this.#rebalancing.watch();
  }

  #about(state: LaneState<Entry>, event: Exclude<LaneEvent, { readonly type: "broken" | "returned" }>): void {
    const entry = this.#entryIn(state, event.id);
    if (!entry) return;
    switch (event.type) {
      case "claimed":
        failpoint("job-claimed");
        entry.claimed = true;
        return entry.listener.claimed(event.at);
      case "progress":
        return entry.listener.progress(event.fraction, event.message);
      case "chunk":
        return entry.listener.chunk(event.value);
      case "log":
        return entry.listener.log(event);
      case "shared":
        return entry.listener.shared(event);
      case "settled":
        failpoint("outcome-heard");
        this.#history.learn(entry.job.task, event);
        this.#forget(entry);
        this.#entries.delete(event.id);
        return entry.listener.settled(event);
    }
  }

  /** The job, if it is this lane's to speak of: of a lane that is dropped, its jobs are elsewhere before it has said its last. */
  #entryIn(state: LaneState<Entry>, id: number): Entry | undefined {
    const entry = this.#entries.get(id);
    return entry?.lane === state ? entry : undefined;
  }

  #returned(state: LaneState<Entry>, id: number, reason: "revoked" | "thread-lost"): void {
    const entry = this.#entryIn(state, id);
    if (!entry) return;
    this.#forget(entry);
    const hadThread = entry.claimed || !entry.behind;
    entry.lane = undefined;
    entry.claimed = false;
    entry.revoked = false;
    // It may have been the one: alone in its thread, it would show.
    if (reason === "thread-lost" && entry.kind === "light") entry.kind = "plain";
    else if (reason === "thread-lost" && hadThread && ++entry.lost === LOST_LIMIT) {
      this.#entries.delete(id);
      return entry.listener.refused(lostTooOften(entry.job, LOST_LIMIT));
    }
    this.#queue(entry);
    entry.listener.returned(reason);
  }

  #forget(entry: Entry): void {
    const state = entry.lane;
    if (!state) return;
    this.#options.notes?.back(entry.job);
    this.#running--;
    if (entry.ticket) this.#admission.release(entry.ticket);
    state.inFlight.delete(entry.job.id);
    state.load = state.inFlight.size === 0 ? 0 : Math.max(0, state.load - this.#history.work(entry.job.task));
  }

  #drop(state: LaneState<Entry>, error: Error): void {
    this.#lanes.drop(state, error, this.#clock.now());
    for (const entry of [...state.inFlight.values()]) this.#returned(state, entry.job.id, "thread-lost");
    this.#schedule();
  }

  /** It waits for a lane of a kind of which none is left. */
  #strand(entry: Entry, error: Error): void {
    if (entry.ticket) this.#admission.remove(entry.ticket);
    this.#entries.delete(entry.job.id);
    entry.listener.stranded(noLaneLeft(entry.job, error));
  }
}
