/** What every job has, whatever it runs: a label, its flags, and what it requires. */
import { MillraceError, type StepOptions } from "@millrace/core";
import type { AnyJob, JobSet, Jobs, JobWork, RequireOptions } from "./job-model.js";
import { JobResult } from "./job-result.js";
import { splitOptions } from "./requirement.js";

/** How a job stands in its scheduler. */
export interface JobOptions {
  /** Name in lists and records. Default: that of what it runs. Jobs of one label are told apart by numbers. */
  readonly label?: string;
  /** It runs beside the others and is aborted when all of them are over. Default false. */
  readonly forever?: boolean;
  /**
   * Its failure ends the scheduler, which has failed. Otherwise it is noted, and those that require the job run unless they take its
   * result. Default: true, unless the job runs forever.
   */
  readonly critical?: boolean;
  /** What it requires. */
  readonly requires?: Jobs;
}

/** What is left of the options of a job without those that every job has: the options of its step. */
export function stepOptions(given: JobOptions & StepOptions): StepOptions {
  const { label: _label, forever: _forever, critical: _critical, requires: _requires, ...options } = given;
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** One job, and its place among others. */
export abstract class JobBase<R = unknown> implements AnyJob<R> {
  readonly label: string;
  readonly forever: boolean;
  readonly critical: boolean;
  readonly result: JobResult<R> = new JobResult<R>(this);
  readonly #required = new Map<AnyJob, RequireOptions["policy"]>();
  #scheduler: JobSet | undefined;

  constructor({ label, forever = false, critical = !forever, requires }: JobOptions, name: string) {
    this.label = label ?? name;
    this.forever = forever;
    this.critical = critical;
    this.requires(requires);
  }

  abstract readonly work: JobWork;

  get scheduler(): JobSet | undefined {
    return this.#scheduler;
  }

  get required(): ReadonlyMap<AnyJob, RequireOptions["policy"]> {
    return this.#required;
  }

  /**
   * Waits for others: jobs, sequences, lists of them; nothing and itself are left out. Options may stand last.
   * @throws MillraceError `scheduler-invalid` if a requirement is to be taken away that there is not.
   */
  requires(...given: readonly (Jobs | RequireOptions)[]): this {
    const [groups, { policy, remove = false } = {}] = splitOptions<RequireOptions>(given);
    for (const job of groups.flatMap((group) => group.lasts())) {
      if (job === this) continue;
      if (!remove) this.#required.set(job, policy);
      else if (!this.#required.delete(job)) {
        throw new MillraceError("scheduler-invalid", `${this.label} does not require ${job.label}.`, {
          hint: "Only requirements that were said with `requires` can be taken away; a parameter that takes a result requires its job.",
          data: { job: this.label, required: job.label },
        });
      }
    }
    return this;
  }

  /** @throws MillraceError `scheduler-invalid` if it belongs to another one. */
  joins(scheduler: JobSet): void {
    if (this.#scheduler && this.#scheduler !== scheduler) {
      throw new MillraceError(
        "scheduler-invalid",
        `${this.label} is a job of ${this.#scheduler.label} and cannot be one of ${scheduler.label}, too.`,
        {
          hint: "Make another job that runs the same, or take it out of the first scheduler with remove().",
          data: { job: this.label, schedulers: [this.#scheduler.label, scheduler.label] },
        },
      );
    }
    this.#scheduler = scheduler;
  }

  leaves(): void {
    this.#scheduler = undefined;
  }

  details(): string | undefined {
    return undefined;
  }

  lasts(): readonly AnyJob[] {
    return [this];
  }

  members(): readonly AnyJob[] {
    return [this];
  }
}
