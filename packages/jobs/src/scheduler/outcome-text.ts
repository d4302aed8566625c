/** The words of outcomes. */
import { isMillraceError, renderValue } from "@millrace/core";
import type { AnyJob, JobSet } from "./job-model.js";
import { inOrder, requirementsOf } from "./job-order.js";
import type { JobReport, JobState } from "./job-report.js";
import type { RunEnd } from "./scheduling-engine.js";

/** How jobs are listed. */
export interface ListOptions {
  /** With rank, marks and requirements by rank, and what jobs say about themselves. */
  readonly details?: boolean;
  /** Marks without anything beyond ASCII. Default false. */
  readonly ascii?: boolean;
}

/** A run of a scheduler at one moment. */
export interface Standing {
  readonly scheduler: JobSet;
  /** How the run ended; undefined while it goes. */
  readonly end: RunEnd | undefined;
  /** What went wrong in closing shared resources. */
  readonly problems: readonly Error[];
  of(job: AnyJob): JobReport;
  isDone(job: AnyJob): boolean;
}

/** Lines with marks. */
interface Marks {
  readonly forever: string;
  readonly critical: string;
  readonly states: Readonly<Record<JobState, string>>;
}

const UNICODE: Marks = {
  forever: "∞",
  critical: "⚠",
  states: { idle: "⚐", scheduled: "⚑", running: "↺", finished: "☉", failed: "★", skipped: "⤼", cancelled: "☓" },
};

const ASCII: Marks = {
  forever: "8",
  critical: "!",
  states: { idle: ".", scheduled: ":", running: ">", finished: "o", failed: "*", skipped: "-", cancelled: "x" },
};

/** One line for each job. */
export function plainList(outcome: Standing, options: ListOptions): string {
  return linesOf(outcome.scheduler, 0, (job, depth) => `${"  ".repeat(depth)}${plainLine(outcome, job, options)}`).join(
    "\n",
  );
}

/** One line for each job, with rank and marks: `2 ⚠ ☉    b1  finished -> 1000  requires 1`. */
export function detailedList(outcome: Standing, { ascii = false }: ListOptions): string {
  const marks = ascii ? ASCII : UNICODE;
  const ranks = new Map(linesOf(outcome.scheduler, 0, (job) => job).map((job, i) => [job, i + 1]));
  const width = String(ranks.size).length;
  return linesOf(outcome.scheduler, 0, (job, depth) => {
    const { state } = outcome.of(job);
    const flags = [job.critical ? marks.critical : " ", marks.states[state], job.forever ? marks.forever : " "].join(
      " ",
    );
    const required = [...requirementsOf(job).keys()].map((one) => ranks.get(one)).join(", ");
    const said = job.details();
    const parts = [
      `${"  ".repeat(depth)}${job.label}`,
      stateText(outcome, job),
      ...(required === "" ? [] : [`requires ${required}`]),
      ...(said === undefined ? [] : [said]),
    ];
    return `${String(ranks.get(job)).padStart(width)} ${flags}  ${parts.join("  ")}`;
  }).join("\n");
}

/** How it ended. */
export function whyText(outcome: Standing): string {
  const { end, scheduler } = outcome;
  if (!end) return "STILL RUNNING";
  switch (end.status) {
    case "succeeded":
      return "FINE";
    case "suspended":
      return `SUSPENDED: ${end.message}`;
    case "aborted":
      return `SHUT DOWN: ${end.error.message}`;
    case "failed": {
      const late = timedOut(end.error);
      if (late) return late;
      const way = culprits(outcome, scheduler);
      const last = way.at(-1);
      if (!last) return `FAILED: ${end.error.message}`;
      const { error } = outcome.of(last);
      const names = way.map((job) => job.label).join(" / ");
      return (
        (error && timedOut(error, names)) ?? `a CRITICAL job has raised: ${names}: ${error?.name}: ${error?.message}`
      );
    }
  }
}

/** `2D + 3R + 4I = 9`. */
export function statsText(outcome: Standing): string {
  const jobs = outcome.scheduler.allJobs;
  const done = jobs.filter((job) => outcome.isDone(job)).length;
  const running = jobs.filter((job) => outcome.of(job).state === "running").length;
  return `${done}D + ${running}R + ${jobs.length - done - running}I = ${jobs.length}`;
}

/** Everything. */
export function debriefText(outcome: Standing, options: ListOptions): string {
  const failed = outcome.scheduler.allJobs.filter((job) => outcome.of(job).state === "failed");
  const ordered = [...failed.filter((job) => job.critical), ...failed.filter((job) => !job.critical)];
  return [
    `${outcome.scheduler.label}: ${whyText(outcome)}`,
    statsText(outcome),
    detailedList(outcome, options),
    ...ordered.map((job) => {
      const { error } = outcome.of(job);
      return `${job.critical ? "CRITICAL " : ""}${job.label} failed: ${error?.stack ?? error?.message ?? "without an error"}`;
    }),
    ...outcome.problems.map((problem) => `Beside that: ${problem.message}`),
  ].join("\n");
}

function plainLine(outcome: Standing, job: AnyJob, { ascii = false }: ListOptions): string {
  const marks = ascii ? ASCII : UNICODE;
  const { work } = job;
  const kind = work.type === "jobs" ? "Scheduler" : "Job";
  const siblings = job.scheduler?.jobs ?? [];
  const [requires, allows] = [
    [...requirementsOf(job).keys()],
    siblings.filter((other) => requirementsOf(other).has(job)),
  ].map((jobs) => jobs.map((one) => one.label).join(", "));
  const parts = [
    `${kind} '${job.label}'${job.forever ? `[${marks.forever}]` : ""} ${stateText(outcome, job)}`,
    ...(requires === "" ? [] : [`[requires [${requires}]]`]),
    ...(allows === "" ? [] : [`[allows [${allows}]]`]),
  ];
  return `<${parts.join(" - ")}>`;
}

function stateText(outcome: Standing, job: AnyJob): string {
  const { state, value, error } = outcome.of(job);
  if (state === "failed" && error) return `failed => ${error.name}: ${error.message}`;
  // What a scheduler gives is what its jobs give.
  const shown = state === "finished" && outcome.end && job.work.type !== "jobs" && value !== undefined;
  return shown ? `${state} -> ${renderValue(value)}` : state;
}

/** The critical jobs that ended it, from the outermost scheduler inwards. */
function culprits(outcome: Standing, scheduler: JobSet): readonly AnyJob[] {
  const job = inOrder(scheduler.jobs)
    .filter((one) => one.critical && outcome.of(one).state === "failed")
    .sort((a, b) => (outcome.of(a).endedAt ?? 0) - (outcome.of(b).endedAt ?? 0))[0];
  if (!job) return [];
  return job.work.type === "jobs" ? [job, ...culprits(outcome, job.work.scheduler)] : [job];
}

function timedOut(error: Error, who?: string): string | undefined {
  if (!isMillraceError(error) || (error.code !== "flow-timeout" && error.code !== "step-timeout")) return undefined;
  const { limitMs } = error.data;
  const time = typeof limitMs === "number" ? ` after ${limitMs / 1_000}s` : "";
  return `TIMED OUT${time}${who === undefined ? "" : `: ${who}`}`;
}

function linesOf<T>(scheduler: JobSet, depth: number, line: (job: AnyJob, depth: number) => T): readonly T[] {
  return inOrder(scheduler.jobs).flatMap((job) => [
    line(job, depth),
    ...(job.work.type === "jobs" ? linesOf(job.work.scheduler, depth + 1, line) : []),
  ]);
}
