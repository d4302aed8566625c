/** What keeps a scheduler from being run: found all at once, before anything begins. */
import { cycleIn, listed, MillraceError } from "@millrace/core";
import type { AnyJob, JobSet } from "./job-model.js";
import { orderJobs, requirementsOf, resultsFor } from "./job-order.js";

/** @throws MillraceError `scheduler-invalid`, whose data lists every issue. */
export function checkScheduler(scheduler: JobSet): void {
  const issues = issuesOf(scheduler);
  if (issues.length > 0) throw cannotBeRun(scheduler, issues);
}

/** The error of a scheduler with issues. */
export function cannotBeRun({ label }: JobSet, issues: readonly string[], cause?: unknown): MillraceError {
  const sentences = issues.map((one) => one.replace(/(?<![.?!])$/, "."));
  return new MillraceError("scheduler-invalid", `${label} cannot be run:\n${listed(sentences)}`, {
    hint: "Nothing has begun. docs/schedulers.md tells what schedulers and their jobs can be.",
    data: { scheduler: label, issues },
    ...(cause === undefined ? {} : { cause }),
  });
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

/** @throws MillraceError `scheduler-invalid` if a scheduler cannot do with a part of its jobs alone. */
export function checkKept({ label, jobs }: JobSet, kept: ReadonlySet<AnyJob>): void {
  if (kept.size === 0) {
    throw new MillraceError("scheduler-invalid", `Nothing of ${label} would be left.`, {
      hint: "Keep a job, or make another scheduler.",
      data: { scheduler: label },
    });
  }
  for (const job of kept) {
    const lost = resultsFor(job).find((result) => jobs.includes(result.job) && !kept.has(result.job));
    if (!lost) continue;
    throw new MillraceError(
      "scheduler-invalid",
      `${job.label} takes the result of ${lost.job.label}, which would be put out.`,
      {
        hint: `Keep ${lost.job.label}, too, or give ${job.label} a value instead of the result.`,
        data: { job: job.label, required: lost.job.label },
      },
    );
  }
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
  // Told to require it or not: a result that is taken is no requirement that could be dropped.
  const told = job.required.has(required);
  const what = `${job.label} ${told ? "requires" : "takes the result of"} ${required.label}`;
  if (!required.scheduler)
    return `${what}, which is in no scheduler: add it to ${scheduler.label}${told ? ", or drop the requirement with sanitize()" : ""}`;
  const which = `${what}, which is a job of ${required.scheduler.label}, not of ${scheduler.label}`;
  return told
    ? `${which}: jobs wait for jobs of their own scheduler; let the schedulers require each other`
    : `${which}: jobs take results within their own scheduler, that of an inner scheduler as a whole`;
}

function issuesWith(job: AnyJob): readonly string[] {
  const endless = [...requirementsOf(job).keys()].filter((required) => required.forever);
  // In a graph a name with dots is a path into a parameter.
  const dotted = job.work.type === "jobs" ? [] : Object.keys(job.work.params).filter((name) => name.includes("."));
  return [
    ...endless.map((required) => `${job.label} requires ${required.label}, which runs forever: it would never begin`),
    ...dotted.map(
      (name) =>
        `${job.label} has a parameter "${name}": names of parameters have no dots, those inside their values may`,
    ),
  ];
}
