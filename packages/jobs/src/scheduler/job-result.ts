/** What a job will have come to, before it has: other jobs take it for a parameter, and wait for the job by that. */
import { MillraceError, parsePath } from "@millrace/core";
import type { AnyJob, JobReference, Part } from "./job-model.js";

/** The result of a job, or a part of it. */
export class JobResult<R = unknown> implements JobReference<R> {
  readonly job: AnyJob;
  readonly path: readonly string[];
  declare readonly type?: R;

  constructor(job: AnyJob, path: readonly string[] = []) {
    this.job = job;
    this.path = path;
  }

  at<K extends keyof R & (string | number)>(key: K): JobResult<Part<R, K>> {
    const name = String(key);
    if (parsePath(name)?.length !== 1) {
      throw new MillraceError("scheduler-invalid", `"${name}" of ${this.job.label} cannot be taken by itself.`, {
        hint: "Names in a path are not empty, have no dots, and are none that all objects have. Take what the name stands in.",
        data: { job: this.job.label, name },
      });
    }
    return new JobResult<Part<R, K>>(this.job, [...this.path, name]);
  }
}

/** A value as a job takes it: as it is, the result of another job, or an object with such results in it. */
export type OrResult<V> =
  | V
  | JobReference<V>
  | (V extends object ? { readonly [K in keyof V]: OrResult<V[K]> } : never);

/** What is left of given parameters when the results that they refer to are there, also inside lists and objects. */
export type Taken<P> =
  P extends JobReference<infer V> ? V : P extends readonly unknown[] | Plain<P> ? { [K in keyof P]: Taken<P[K]> } : P;

/** P if it has no methods, as dates, maps and instances of classes have. */
type Plain<P> = { readonly [K in keyof P]: P[K] extends (...args: never) => unknown ? never : P[K] };

/** The jobs whose results stand somewhere in what a job is given. */
export function resultsIn(given: unknown): readonly JobResult[] {
  if (given instanceof JobResult) return [given];
  if (Array.isArray(given)) return given.flatMap(resultsIn);
  return isPlain(given) ? Object.values(given).flatMap(resultsIn) : [];
}

/** True for an object literal: results are looked for in these and in lists alone. */
export function isPlain(given: unknown): given is Readonly<Record<string, unknown>> {
  if (typeof given !== "object" || given === null) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === Object.prototype || prototype === null;
}
