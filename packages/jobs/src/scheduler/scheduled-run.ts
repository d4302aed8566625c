/** One run of a scheduler, as it goes: follows the run's events, and reads its record at the end. */
import { type Clock, type Duration, type RunEvent, type StepKey, systemClock } from "@millrace/core";
import type { JobLine } from "./job-lines.js";
import type { AnyJob, JobSet } from "./job-model.js";
import { IDLE, isDone, type JobReport, type JobState, reportAfter, stateOf } from "./job-report.js";
import { Outcome, type OutcomeEnd } from "./outcome.js";
import type { RunOfGraph } from "./scheduling-engine.js";
import type { SharedScope } from "./shared-scope.js";

/** A job has gone from one state to another. */
export interface JobChange {
  readonly job: AnyJob;
  readonly from: JobState;
  readonly to: JobState;
  /** ms since 1970. */
  readonly at: number;
  /** Why it failed. */
  readonly error?: Error;
}

/** Watches a run: told of every change, in order; `now` says how all stands then. */
export interface RunWatcher {
  (change: JobChange, now: () => Outcome): void;
  /** Told once, when nothing changes any more, before the outcome is given; results are not there yet. */
  readonly end?: (outcome: Outcome) => void;
}

/** How a run is followed. */
export interface FollowOptions {
  /** Watches it. Once it has thrown it is told no more, and `outcome` rejects with that when the run is over. */
  readonly onChange?: RunWatcher;
  /** Longest time for closing shared resources when the run is over. Default 1 s. */
  readonly shutdownTimeout?: Duration;
  /** Times the shutdown. Default: the machine's. */
  readonly clock?: Clock;
}

/** What is followed. */
export interface Followed {
  readonly scheduler: JobSet;
  /** Its jobs when the run began. */
  readonly lines: readonly JobLine[];
  readonly keys: ReadonlyMap<AnyJob, StepKey>;
  readonly run: RunOfGraph;
  readonly scope: SharedScope;
}

/** A run of a scheduler in this process. */
export class ScheduledRun {
  /** The engine's run: its events, messages and breakpoints. */
  readonly run: RunOfGraph;
  readonly #followed: Followed;
  readonly #options: FollowOptions;
  readonly #jobs: ReadonlyMap<StepKey, AnyJob>;
  readonly #reports = new Map<AnyJob, JobReport>();
  readonly #outcome: Promise<Outcome>;

  constructor(followed: Followed, options: FollowOptions) {
    this.run = followed.run;
    this.#followed = followed;
    this.#options = options;
    this.#jobs = new Map([...followed.keys].map(([job, key]) => [key, job]));
    this.#outcome = this.#follow();
    // Whoever asks for the outcome is told; nobody has to.
    this.#outcome.catch(() => {});
  }

  /** How it stands now. */
  now(): Outcome {
    return this.#standing();
  }

  /**
   * What became of it, when it is over and its resources are closed. Failures of jobs are part of it. @throws what kept the run from being
   * run: `run-exists`, `run-differs`, a lost store or owner; what `onChange` threw.
   */
  outcome(): Promise<Outcome> {
    return this.#outcome;
  }

  /** Ends it: what runs is aborted, what has not begun never will. Resolves when it has ended; again, it does nothing. */
  async shutdown(reason = "it was shut down"): Promise<void> {
    await this.run.cancel(reason);
    await this.#outcome;
  }

  async #follow(): Promise<Outcome> {
    const { run, scope } = this.#followed;
    const { clock = systemClock, shutdownTimeout = "1s", onChange } = this.#options;
    let trouble: { readonly error: unknown } | undefined;
    const tell = (what: () => void): void => {
      if (trouble) return;
      try {
        what();
      } catch (error) {
        trouble = { error };
      }
    };
    for await (const event of run.events()) {
      const change = this.#take(event);
      if (change) tell(() => onChange?.(change, () => this.now()));
    }
    tell(() => onChange?.end?.(this.now()));
    const end = await run.outcome();
    const problems = await scope.close(clock, shutdownTimeout);
    if (trouble) throw trouble.error;
    if (end.status === "suspended" && end.error) throw end.error;
    // A run that is suspended has no results yet, and its store may be closed.
    if (end.status !== "suspended") await this.#readRecord();
    return this.#standing({ end, problems });
  }

  #standing(over?: OutcomeEnd): Outcome {
    const { scheduler, lines } = this.#followed;
    return new Outcome({ scheduler, lines, reports: new Map(this.#reports) }, over);
  }

  /** What an event changes. */
  #take(event: RunEvent): JobChange | undefined {
    const job = "step" in event && event.step ? this.#jobs.get(event.step.key) : undefined;
    if (!job) return undefined;
    const before = this.#reports.get(job) ?? IDLE;
    const after = reportAfter(before, event);
    if (!after) return undefined;
    this.#reports.set(job, after);
    if (isDone(after)) this.#followed.scope.over(job);
    const { error } = after;
    return { job, from: before.state, to: after.state, at: event.at, ...(error ? { error } : {}) };
  }

  /** Events tell states as they change; results, and what earlier lives of the run did, stand on record. */
  async #readRecord(): Promise<void> {
    for await (const { step, state, startedAt, endedAt, value, error } of this.run.steps()) {
      const job = this.#jobs.get(step.key);
      if (!job) continue;
      this.#reports.set(job, {
        state: stateOf(state),
        ...(value === undefined ? {} : { value }),
        ...(error ? { error } : {}),
        ...(startedAt === null ? {} : { startedAt }),
        ...(endedAt === null ? {} : { endedAt }),
      });
    }
  }
}
