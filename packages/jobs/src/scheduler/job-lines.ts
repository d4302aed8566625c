/** The jobs of a scheduler as they are listed: in topological order, those of inner schedulers below theirs. */
import type { JobArc } from "@millrace/core";
import type { AnyJob, JobSet } from "./job-model.js";
import { inOrder, orderJobs } from "./job-order.js";

/** A job where it is listed. */
export interface JobLine {
  readonly job: AnyJob;
  /** The schedulers that it stands in, the outermost left out, from there inwards. */
  readonly within: readonly AnyJob[];
  readonly requires: readonly AnyJob[];
  /** Those that require it. */
  readonly allows: readonly AnyJob[];
}

/** The lines of a scheduler as it stands now. */
export function linesOf({ jobs }: JobSet, within: readonly AnyJob[] = []): readonly JobLine[] {
  const { before, after } = orderJobs(jobs);
  const at = new Map(jobs.map((job, i) => [job, i]));
  const jobsOf = (arcs: readonly JobArc[] = []): readonly AnyJob[] => arcs.flatMap(({ node }) => jobs[node] ?? []);
  return inOrder(jobs).flatMap((job) => {
    const index = at.get(job) ?? -1;
    const line: JobLine = { job, within, requires: jobsOf(before[index]), allows: jobsOf(after[index]) };
    return [line, ...(job.work.type === "jobs" ? linesOf(job.work.scheduler, [...within, job]) : [])];
  });
}
