/** What became of a scheduler's jobs in one run, or how they stand while it goes. */
import type { JobLine } from "./job-lines.js";
import type { AnyJob, JobSet } from "./job-model.js";
import { IDLE, isDone, type JobReport } from "./job-report.js";
import {
  debriefText,
  detailedList,
  type ListOptions,
  plainList,
  type Standing,
  statsText,
  whyText,
} from "./outcome-text.js";
import type { RunEnd } from "./scheduling-engine.js";

/** How a run came to its end. */
export interface OutcomeEnd {
  readonly end: RunEnd;
  /** What went wrong in closing shared resources. */
  readonly problems: readonly Error[];
}

/** The jobs of a run, and what has become of them. */
export interface JobsInRun {
  readonly scheduler: JobSet;
  readonly lines: readonly JobLine[];
  /** Those of which something has been told. */
  readonly reports: ReadonlyMap<AnyJob, JobReport>;
}

/** A run of a scheduler at one moment. It does not change, whatever becomes of the scheduler. */
export class Outcome implements Standing {
  readonly scheduler: JobSet;
  /** Its jobs, in the order in which they are listed: those that there were when the run began. */
  readonly lines: readonly JobLine[];
  /** How the run ended; undefined while it goes. */
  readonly end: RunEnd | undefined;
  /** What went wrong in closing shared resources; it changes nothing about the outcome. */
  readonly problems: readonly Error[];
  readonly #reports: ReadonlyMap<AnyJob, JobReport>;

  constructor({ scheduler, lines, reports }: JobsInRun, over?: OutcomeEnd) {
    this.scheduler = scheduler;
    this.lines = lines;
    this.end = over?.end;
    this.problems = over?.problems ?? [];
    this.#reports = reports;
  }

  /** True if it has come to its end, and neither a critical job nor the time ended it. */
  get ok(): boolean {
    return this.end?.status === "succeeded";
  }

  /** A job, of inner schedulers, too. */
  of<R>(job: AnyJob<R>): JobReport<R> {
    // A report is made of the record of that very job.
    return (this.#reports.get(job) ?? IDLE) as JobReport<R>;
  }

  /** True if nothing more happens to the job. */
  isDone(job: AnyJob): boolean {
    return isDone(this.of(job));
  }

  /** The result of a job. @throws its error, if it has not succeeded; an Error if the run is not over, or the job none of it. */
  result<R>(job: AnyJob<R>): R {
    const { state, value, error } = this.of(job);
    if (state !== "finished" || !this.#over)
      throw error ?? new Error(`${job.label} has no result: ${this.#standing(job)}.`);
    // Undefined is a result, too, where R says so.
    return value as R;
  }

  /** True if results have been read. */
  get #over(): boolean {
    return this.end !== undefined && this.end.status !== "suspended";
  }

  #standing(job: AnyJob): string {
    if (!this.lines.some((line) => line.job === job)) return `it is no job of ${this.scheduler.label}`;
    const { state } = this.of(job);
    if (state !== "finished") return `it is ${state}`;
    return this.end ? "the run has been suspended, and gives it when it has gone on" : "the run is not over";
  }

  /** Throws what made it fail, if anything did: the error of the run, whose `cause` is that of a critical job. */
  orThrow(): this {
    if (this.end && this.end.status !== "succeeded")
      throw this.end.status === "suspended" ? new Error(this.end.message) : this.end.error;
    return this;
  }

  /**
   * One line for each job, in topological order, those of inner schedulers below theirs:
   *
   *     <Job 'b1' finished -> 1000 - [allows [b3]]>
   *     <Job 'monitor'[∞] cancelled>
   */
  list(options: ListOptions = {}): string {
    return options.details ? detailedList(this, options) : plainList(this, options);
  }

  /** In a few words how it ended: `FINE`, `TIMED OUT after 0.25s`, the critical job that raised. */
  why(): string {
    return whyText(this);
  }

  /** Counts: `2D + 3R + 4I = 9`, those that are done, that run, and that have not begun. */
  stats(): string {
    return statsText(this);
  }

  /** All of it for people: why, counts, the list, then what failed with stacks, critical jobs first. */
  debrief(options: ListOptions = {}): string {
    return debriefText(this, options);
  }
}
