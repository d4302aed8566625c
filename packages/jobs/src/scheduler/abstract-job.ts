/** A job of one's own: a class with a method `run`, on the main thread. */
import type { StepOptions } from "@millrace/core";
import { JobBase, type JobOptions, stepOptions } from "./job-base.js";
import type { JobContext, JobWork } from "./job-model.js";
import type { Shared } from "./shared-resource.js";

/** How a job that runs on the main thread is made. */
export interface LocalJobOptions extends JobOptions, Pick<StepOptions, "timeout" | "version" | "tags"> {
  /** Resources that it may `use`. */
  readonly uses?: readonly Shared<unknown>[];
}

/** Extend it and give it `run`. Its class is its label, unless it gets one. */
export abstract class AbstractJob<R = unknown> extends JobBase<R> {
  readonly #options: LocalJobOptions;

  constructor(options: LocalJobOptions = {}) {
    // The constructor of an instance is its class.
    super(options, new.target.name);
    this.#options = options;
  }

  /** Does the work. The result is recorded; whoever stops the job aborts the signal. */
  abstract run(context: JobContext): R | Promise<R>;

  get work(): JobWork {
    return localWork((context) => this.run(context), {}, this.#options);
  }
}

/** What such a job runs. */
export function localWork(
  run: (context: JobContext<never>) => unknown,
  params: object,
  { uses = [], ...options }: LocalJobOptions,
): JobWork {
  return { type: "local", run, params, options: stepOptions(options), uses };
}
