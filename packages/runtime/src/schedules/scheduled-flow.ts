/**
 * One scheduled flow: waits for its instants and starts a run at each. Any number of processes may keep the same schedule: the run
 * of an instant has one id, and the store lets one of them start it.
 */
import {
  type Clock,
  goesOnByItself,
  isMillraceError,
  type RunId,
  type RunStore,
  type RunSummary,
  type ScheduleEntry,
} from "@millrace/core";
import { Timetable } from "@millrace/core/schedule";
import type { Engine } from "../api/engine.js";
import type { ScheduleEvent } from "../api/schedule-event.js";
import { isScheduledRun, scheduledRunId } from "./scheduled-run-id.js";

/** Longest wait without a look at the clock, ms: timers stand still while a machine sleeps. */
const LOOK_MS = 60_000;
/** An instant met so late was slept through, with others perhaps, ms. */
const SLEPT_MS = 2 * LOOK_MS;
/** Pause between two looks at the run that a queued one waits for, ms. */
const QUEUE_MS = 1_000;
/** Instants made up for at most. */
const CATCH_UP_LIMIT = 100;
/** Another process has started the instant's run. */
const TAKEN: readonly string[] = ["run-exists", "run-owned"];

/** Where it runs. */
export interface ScheduleHost {
  readonly engine: Pick<Engine, "start" | "resume">;
  readonly store: Pick<RunStore, "list" | "scheduledUpTo" | "markScheduled">;
  readonly clock: Clock;
  /** Told what happens at each instant. */
  tell(event: ScheduleEvent): void;
}

/** The schedule of one flow. */
export class ScheduledFlow {
  readonly #flow: string;
  readonly #schedule: ScheduleEntry;
  readonly #timetable: Timetable;
  readonly #host: ScheduleHost;
  #stopped = false;
  #wake: () => void = () => {};
  #loop: Promise<void> = Promise.resolve();

  constructor(flow: string, schedule: ScheduleEntry, host: ScheduleHost) {
    this.#flow = flow;
    this.#schedule = schedule;
    this.#timetable = new Timetable(schedule);
    this.#host = host;
  }

  /** Begins to keep it. Resolves when it is known from where on. @throws what the store throws. */
  async begin(): Promise<void> {
    const { store, clock } = this.#host;
    const upTo = await store.scheduledUpTo(this.#key);
    // From now on: what passes while nobody is here is missed, what passed before the schedule was there is not.
    if (upTo === undefined) await store.markScheduled(this.#key, clock.now());
    this.#loop = this.#keep(upTo);
  }

  /** Starts nothing more. Resolves when what was being started has been. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#loop;
  }

  /** What is kept of it belongs to this very timetable: another one begins anew. */
  get #key(): string {
    const { timezone, cron } = this.#schedule;
    return `${this.#flow} ${timezone} ${cron}`;
  }

  async #keep(upTo: number | undefined): Promise<void> {
    let past = upTo === undefined ? this.#host.clock.now() : await this.#catchUp(upTo);
    while (!this.#stopped) {
      const instant = this.#timetable.next(past);
      if (instant === undefined) return;
      const late = await this.#until(instant);
      if (this.#stopped) return;
      if (late > SLEPT_MS) {
        past = await this.#catchUp(past);
        continue;
      }
      await this.#meet(instant);
      past = instant;
    }
  }

  /** Makes up for what was missed, as the schedule says; gives the time up to which nothing is open any more. */
  async #catchUp(past: number): Promise<number> {
    const { store, clock, tell } = this.#host;
    const now = clock.now();
    // Others may have been there meanwhile.
    const kept = await store.scheduledUpTo(this.#key).catch(() => undefined);
    const { newest, more } = this.#timetable.between(Math.max(past, kept ?? past), now, CATCH_UP_LIMIT);
    const [first, last] = [newest[0], newest.at(-1)];
    if (first === undefined || last === undefined) return Math.max(past, now);
    const { catchUp } = this.#schedule;
    const made = catchUp === "all" ? newest : catchUp === "last" ? [last] : [];
    tell({ type: "missed", flow: this.#flow, count: newest.length, more, first, last, madeUp: made.length });
    for (const instant of made) if (!this.#stopped) await this.#meet(instant);
    if (!this.#stopped && made.length === 0) await this.#guard(last, () => this.#mark(last));
    return now;
  }

  /** An instant has come. */
  async #meet(instant: number): Promise<void> {
    await this.#guard(instant, async () => {
      const run = scheduledRunId(this.#flow, instant);
      const [there] = await this.#host.store.list({ run });
      if (there) await this.#goesOn(there);
      else if (!(await this.#mayStart(run, instant))) return;
      else if (await this.#start(run)) this.#host.tell({ type: "started", flow: this.#flow, instant, run });
      await this.#mark(instant);
    });
  }

  /** A failure costs one instant, not the schedule. */
  async #guard(instant: number, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (thrown) {
      if (this.#stopped) return;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#host.tell({ type: "failed", flow: this.#flow, instant, error });
    }
  }

  /** By the runs of other instants. False if this one is left out, or nothing is started any more. */
  async #mayStart(run: RunId, instant: number): Promise<boolean> {
    const { overlap } = this.#schedule;
    if (overlap === "parallel") return true;
    for (;;) {
      const other = await this.#going(run);
      if (!other || this.#stopped) return !this.#stopped;
      if (overlap === "skip") {
        await this.#mark(instant);
        this.#host.tell({ type: "skipped", flow: this.#flow, instant, run: other });
        return false;
      }
      await this.#until(this.#host.clock.now() + QUEUE_MS);
    }
  }

  /** A scheduled run of the flow, another than `run`, that has not come to its end. */
  async #going(run: RunId): Promise<RunId | undefined> {
    for (const other of await this.#host.store.list({ flow: this.#flow })) {
      if (other.id === run || !isScheduledRun(this.#flow, other.id)) continue;
      if (await this.#goesOn(other)) return other.id;
    }
    return undefined;
  }

  /** True if it goes, or waits. One whose process is gone is gone on with here, or it would stand in the way for ever. */
  async #goesOn(run: RunSummary): Promise<boolean> {
    const unfinished = goesOnByItself(run);
    if (!unfinished || run.owner) return unfinished;
    try {
      await this.#host.engine.resume(run.id);
      return true;
    } catch (error) {
      return isMillraceError(error) && error.code === "run-owned";
    }
  }

  /** True if it was started here. */
  async #start(run: RunId): Promise<boolean> {
    try {
      const started = this.#host.engine.start<string>(this.#flow, {}, { id: run });
      for await (const _ of started.events()) return true;
      const outcome = await started.outcome();
      if (outcome.status === "suspended" && outcome.error) throw outcome.error;
      return false;
    } catch (error) {
      if (isMillraceError(error) && TAKEN.includes(error.code)) return false;
      throw error;
    }
  }

  #mark(instant: number): Promise<void> {
    return this.#host.store.markScheduled(this.#key, instant);
  }

  /** Resolves at that time, with the ms by which the timer was late; 0 if the time had passed before, or it is stopped. */
  #until(time: number): Promise<number> {
    const { clock } = this.#host;
    if (this.#stopped || clock.now() >= time) return Promise.resolve(0);
    return new Promise((resolve) => {
      const wait = (): void => {
        const cancel = clock.after(Math.min(time - clock.now(), LOOK_MS), look);
        this.#wake = () => {
          cancel();
          resolve(0);
        };
      };
      const look = (): void => {
        const late = clock.now() - time;
        if (late < 0) wait();
        else resolve(late);
      };
      wait();
    });
  }
}
