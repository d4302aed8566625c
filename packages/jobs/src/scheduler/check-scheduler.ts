/** What keeps a scheduler from being run: found all at once, before anything begins. */
import { cycleIn, MillraceError } from "@millrace/core";
import type { AnyJob, JobSet } from "./job-model.js";
import { orderJobs, requirementsOf } from "./job-order.js";
import { isPlain, JobResult, resultsIn } from "./job-result.js";

/** @throws MillraceError `scheduler-invalid`, whose data lists every issue. */
export function checkScheduler(scheduler: JobSet): void {
  const issues = issuesOf(scheduler);
  if (issues.length === 0) return;
  throw new MillraceError(
    "scheduler-invalid",
    `${scheduler.label} cannot be run:\n${issues.map((one) => `  ${one}.`).join("\n")}`,
    {
      hint: "Nothing has begun. docs/schedulers.md tells what schedulers and their jobs can be.",
      data: { scheduler: scheduler.label, issues },
    },
  );
}

/** A cycle among jobs: each requires the next, the first one again at the end; undefined if there is none. */
export function cycleAmong(jobs: readonly AnyJob[]): readonly AnyJob[] | undefined {
  return cycleIn(orderJobs(jobs))?.flatMap((at) => jobs[at] ?? []);
}

/** Requirements that lead out of a scheduler. */
export function foreignTo(scheduler: JobSet): readonly { readonly job: AnyJob; readonly required: AnyJob }[] {
  return scheduler.jobs.flatMap((job) =>
    [...requirementsOf(job).keys()]
      .filter((required) => required.scheduler !== scheduler)
      .map((required) => ({ job, required })),
  );
}

function issuesOf(scheduler: JobSet): readonly string[] {
  const { label, jobs } = scheduler;
  const cycle = cycleAmong(jobs);
  return [
    ...(jobs.length === 0 ? [`${label} has no jobs`] : []),
    ...(jobs.length > 0 && jobs.every((job) => job.forever)
      ? [`all jobs of ${label} run forever, so that it would never end: one has to be without \`forever\``]
      : []),
    ...(cycle ? [`${cycle.map((job) => job.label).join(" requires ")}: none of them would ever begin`] : []),
    ...foreignTo(scheduler).map(({ job, required }) => foreignText(scheduler, job, required)),
    ...jobs.flatMap((job) => issuesWith(job)),
    ...jobs.flatMap(({ work }) => (work.type === "jobs" ? issuesOf(work.scheduler) : [])),
  ];
}

function foreignText(scheduler: JobSet, job: AnyJob, required: AnyJob): string {
  const what = `${job.label} requires ${required.label}`;
  return required.scheduler
    ? `${what}, which is a job of ${required.scheduler.label}, not of ${scheduler.label}: jobs wait for jobs of their own scheduler; let the schedulers require each other`
    : `${what}, which is in no scheduler: add it to ${scheduler.label}, or drop the requirement with sanitize()`;
}

function issuesWith(job: AnyJob): readonly string[] {
  const { work } = job;
  const awaited = [...requirementsOf(job).keys()].filter((required) => required.forever);
  return [
    ...awaited.map((required) => `${job.label} requires ${required.label}, which runs forever: it would never begin`),
    ...(work.type === "jobs"
      ? []
      : unplaced(work.params, "").map((where) => `${job.label} is given a result ${where}`)),
  ];
}

/** Where results stand that no parameter of a graph can name. */
function unplaced(given: unknown, at: string): readonly string[] {
  if (given instanceof JobResult || resultsIn(given).length === 0) return [];
  if (Array.isArray(given)) return [`inside the list ${at}: give it as a parameter of its own`];
  if (!isPlain(given)) return [];
  return Object.entries(given).flatMap(([name, inner]) => {
    const dotted = name.includes(".") && resultsIn(inner).length > 0;
    return dotted
      ? [`under the name "${name}", which has a dot in it`]
      : unplaced(inner, at === "" ? name : `${at}.${name}`);
  });
}
