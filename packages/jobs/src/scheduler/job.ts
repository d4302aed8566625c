/** `Job`: one task, flow or function with its parameters. */
import { type JobRun, MillraceError, renderValue, type StepOptions } from "@millrace/core";
import type { Callable, ClassOf, ParamsOf, ResultOf } from "@millrace/sdk";
import { type Declaration, declarationOf } from "@millrace/sdk/internal";
import { type LocalJobOptions, localWork } from "./abstract-job.js";
import { JobBase, type JobOptions, stepOptions } from "./job-base.js";
import type { AnyJob, JobContext, JobWork } from "./job-model.js";
import type { OrResult, Taken } from "./job-result.js";

/** How a job of a task or flow is made: what its step can be told stands beside what the job can. */
export interface CodeJobOptions extends JobOptions, Omit<StepOptions, "name"> {}

/** Parameters as a job takes them: values, and results of other jobs. */
export type JobParams<T> = { readonly [K in keyof ParamsOf<T>]: OrResult<ParamsOf<T>[K]> };

/** Arguments behind the class: parameters may be left out when all are optional. */
export type CodeJobArguments<T> =
  Record<never, never> extends ParamsOf<T>
    ? [params?: JobParams<T>, options?: CodeJobOptions]
    : [params: JobParams<T>, options?: CodeJobOptions];

/** How jobs are made. */
export interface JobConstructor {
  // First: tried after the other, TypeScript would have given up on the types of what the function takes.
  /** Of a function, on the main thread. `params`, with results of other jobs in it, reach it as they then are. */
  new <R, P extends object = object>(
    run: (context: JobContext<Taken<P>>) => R | Promise<R>,
    options?: LocalJobOptions & { readonly params?: P },
  ): Job<R>;
  /** Of a task, which runs in a thread, or of a flow, by its class. */
  new <T extends Callable>(target: ClassOf<T>, ...args: CodeJobArguments<T>): Job<ResultOf<T>>;
}

/** A job whose result is an R. */
export type Job<R = unknown> = AnyJob<R>;

class JobOf<R> extends JobBase<R> {
  readonly work: JobWork;

  constructor(target: (context: JobContext<never>) => R, ...args: readonly object[]) {
    if (typeof target !== "function") throw notCallable(target);
    // biome-ignore lint/complexity/noBannedTypes: any class, as declarations are asked for by them
    const declared = declarationOf(target as Function);
    const [first = {}, second = {}] = args;
    const { params: given, ...options }: LocalJobOptions & { readonly params?: object } = declared ? second : first;
    const params = (declared ? first : given) ?? {};
    super(options, target.name || "job");
    if (!declared && String(target).startsWith("class")) throw undeclared(target.name);
    this.work = declared
      ? { type: "named", run: runOf(declared, target.name), target, params, options: stepOptions(options) }
      : localWork(target, params, options);
  }
}

/** A job of a task, a flow or a function. What its parameters take of other jobs it waits for. */
// What the constructor takes is told apart by what the class or function was declared as; its types say which arguments belong together.
export const Job: JobConstructor = JobOf as unknown as JobConstructor;

function runOf({ kind, id }: Declaration, name: string): JobRun {
  return kind === "task" ? { task: id ?? name } : { flow: id ?? name };
}

function notCallable(given: unknown): MillraceError {
  return new MillraceError(
    "scheduler-invalid",
    `A job is made of a function or a class, not of ${renderValue(given)}.`,
    {
      hint: "Give the function itself, `new Job(() => work())`: a job calls it when its time comes. A promise is work that has begun already.",
    },
  );
}

function undeclared(name: string): MillraceError {
  return new MillraceError("scheduler-invalid", `${name} is no declared task or flow, and no function either.`, {
    hint: "Put @task or @flow on the class, or make it with defineTask or defineFlow. A decorator on its base does not count.",
    data: { class: name },
  });
}
