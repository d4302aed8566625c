/** Jobs as everything around them sees them: types alone, which refer to each other. The classes stand in files of their own. */
import type { Duration, FailurePolicy, JobRun, StepOptions } from "@millrace/core";
import type { Shared } from "./shared-resource.js";

/** Something that stands for jobs. */
export interface JobGroup {
  /** Those that whoever requires it waits for. */
  lasts(): readonly AnyJob[];
  /** All of it, in order. */
  members(): readonly AnyJob[];
}

/** Jobs as they are named: a job, a sequence, lists of them at any depth, and nothing. */
export type Jobs = JobGroup | null | undefined | JobList;

/** A list of them, in any form but a text, whose letters would be its items. */
export type JobList = object & Iterable<Jobs>;

/** How a job requires others. */
export interface RequireOptions {
  /**
   * What a failure of theirs means to this job: it is skipped, or runs all the same unless it takes their result. Default: it runs if the
   * other is not critical.
   */
  readonly policy?: Exclude<FailurePolicy, "fail-fast">;
  /** Takes the requirement away. */
  readonly remove?: boolean;
}

/** One job, whatever it runs; its result is an R. */
export interface AnyJob<R = unknown> extends JobGroup {
  /** Name in lists and records. */
  readonly label: string;
  readonly forever: boolean;
  readonly critical: boolean;
  /** What it will have come to, for parameters of other jobs. */
  readonly result: JobReference<R>;
  /** What it runs. */
  readonly work: JobWork;
  /** The scheduler that it belongs to. */
  readonly scheduler: JobSet | undefined;
  /** What it was told to require, in that order; with the policy, where one was named. */
  readonly required: ReadonlyMap<AnyJob, RequireOptions["policy"]>;
  /** Waits for others. */
  requires(...given: readonly (Jobs | RequireOptions)[]): this;
  /** What the job is about, for lists with details. */
  details(): string | undefined;
  /** Called by schedulers alone. */
  joins(scheduler: JobSet): void;
  /** Called by schedulers alone. */
  leaves(): void;
}

/** A part of a result: what may not be there fails whoever takes it, and is there for who gets it. */
// No conditional type: a job of some result is to be a job of any.
export type Part<R, K extends keyof R> = R[K] & (object | string | number | bigint | boolean | symbol | null);

/** The result of a job, or a part of it, before it is there. */
export interface JobReference<R = unknown> {
  readonly job: AnyJob;
  /** Names and indices that lead to the part; empty for the whole. */
  readonly path: readonly string[];
  /** Ties the reference to the type of its value. Never set. */
  readonly type?: R;
  /** A part: `forecast.result.at("days").at(0)`. If it is not there, the job that takes it fails with `reference-missing`. */
  at<K extends keyof R & (string | number)>(key: K): JobReference<Part<R, K>>;
}

/** A scheduler. */
export interface JobSet {
  readonly label: string;
  /** The scheduler that it stands in. */
  readonly scheduler: JobSet | undefined;
  readonly window: number | undefined;
  readonly timeout: Duration | undefined;
  /** Takes jobs in. */
  add(...jobs: readonly Jobs[]): unknown;
  /** In the order in which they were added. */
  readonly jobs: readonly AnyJob[];
  /** Those of inner schedulers, too, each behind the scheduler that it belongs to. */
  readonly allJobs: readonly AnyJob[];
}

/** What a function of a job is told. */
export interface JobContext<P = object> {
  /** Aborted when nobody waits for the job any more. */
  readonly signal: AbortSignal;
  /** The parameters; results of other jobs are there. */
  readonly params: P;
  /** A resource that the job has listed under `uses`: opened for the first that asks. @throws what opening throws. */
  use<T>(shared: Shared<T>): Promise<T>;
}

/** What a job runs. */
export type JobWork =
  /** What a node of a graph names by itself: a task, a flow, a command. */
  | {
      readonly type: "named";
      readonly run: JobRun;
      /** The class of a task or flow. */
      readonly target?: unknown;
      readonly params: object;
      readonly options: StepOptions;
    }
  /** A function, on the main thread. */
  | {
      readonly type: "local";
      readonly run: (context: JobContext<never>) => unknown;
      readonly params: object;
      readonly options: StepOptions;
      readonly uses: readonly Shared<unknown>[];
    }
  /** Jobs of its own. */
  | { readonly type: "jobs"; readonly scheduler: JobSet };
