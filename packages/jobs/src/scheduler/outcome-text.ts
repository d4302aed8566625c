/** The words of outcomes. */
import { isMillraceError, renderValue } from "@millrace/core";
import type { JobLine } from "./job-lines.js";
import type { AnyJob, JobSet } from "./job-model.js";
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
  /** Its jobs as they are listed: those that there were when the run began. */
  readonly lines: readonly JobLine[];
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
export function plainList(outcome: Standing, { ascii = false }: ListOptions): string {
  const marks = ascii ? ASCII : UNICODE;
  return outcome.lines.map((line) => `${"  ".repeat(line.within.length)}${plainLine(outcome, line, marks)}`).join("\n");
}

/** One line for each job, with rank and marks: `2 ⚠ ☉    b1  finished -> 1000  requires 1`. */
export function detailedList(outcome: Standing, options: ListOptions): string {
  return detailedLines(outcome, outcome.lines, options).join("\n");
}

/** Such lines for some of the jobs, with their ranks among all. */
export function detailedLines(
  outcome: Standing,
  some: readonly JobLine[],
  { ascii = false }: ListOptions,
): readonly string[] {
  const marks = ascii ? ASCII : UNICODE;
  const ranks = new Map(outcome.lines.map(({ job }, i) => [job, i + 1]));
  const width = String(outcome.lines.length).length;
  return some.map(({ job, within, requires }) => {
    const flags = [
      job.critical ? marks.critical : " ",
      marks.states[outcome.of(job).state],
      job.forever ? marks.forever : " ",
    ];
    const said = job.details();
    const parts = [
      `${"  ".repeat(within.length)}${job.label}`,
      resultText(outcome, job),
      ...(requires.length > 0 ? [`requires ${requires.map((one) => ranks.get(one)).join(", ")}`] : []),
      ...(said === undefined ? [] : [said]),
    ];
    return oneLine(`${String(ranks.get(job)).padStart(width)} ${flags.join(" ")}  ${parts.join("  ")}`);
  });
}

/** How it ended. */
export function whyText(outcome: Standing): string {
  const { end } = outcome;
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
      const way = culprits(outcome);
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
  const { lines } = outcome;
  const done = lines.filter(({ job }) => outcome.isDone(job)).length;
  const running = lines.filter(({ job }) => outcome.of(job).state === "running").length;
  return `${done}D + ${running}R + ${lines.length - done - running}I = ${lines.length}`;
}

/** Everything. */
export function debriefText(outcome: Standing, options: ListOptions): string {
  const failed = outcome.lines.map(({ job }) => job).filter((job) => outcome.of(job).state === "failed");
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

function plainLine(outcome: Standing, { job, requires, allows }: JobLine, marks: Marks): string {
  const kind = job.work.type === "jobs" ? "Scheduler" : "Job";
  const parts = [
    `${kind} '${job.label}'${job.forever ? `[${marks.forever}]` : ""} ${resultText(outcome, job)}`,
    ...(requires.length > 0 ? [`[requires [${namesOf(requires)}]]`] : []),
    ...(allows.length > 0 ? [`[allows [${namesOf(allows)}]]`] : []),
  ];
  return oneLine(`<${parts.join(" - ")}>`);
}

function namesOf(jobs: readonly AnyJob[]): string {
  return jobs.map(({ label }) => label).join(", ");
}

/** The state of a job with its error: `failed => TypeError: no`. */
export function stateText({ state, error }: Pick<JobReport, "state" | "error">): string {
  return state === "failed" && error ? `failed => ${error.name}: ${error.message}` : state;
}

/** The same, with its result: `finished -> 1000`. */
function resultText(outcome: Standing, job: AnyJob): string {
  const report = outcome.of(job);
  const { state, value } = report;
  // What a scheduler gives is what its jobs give.
  const shown = state === "finished" && outcome.end && job.work.type !== "jobs" && value !== undefined;
  return shown ? `${state} -> ${renderValue(value)}` : stateText(report);
}

/** The critical jobs that ended it, from the outermost scheduler inwards. */
function culprits(outcome: Standing, scheduler?: AnyJob): readonly AnyJob[] {
  const job = outcome.lines
    .filter(({ within }) => within.at(-1) === scheduler)
    .map((line) => line.job)
    .filter((one) => one.critical && outcome.of(one).state === "failed")
    .sort((a, b) => (outcome.of(a).endedAt ?? 0) - (outcome.of(b).endedAt ?? 0))[0];
  if (!job) return [];
  return job.work.type === "jobs" ? [job, ...culprits(outcome, job)] : [job];
}

function timedOut(error: Error, who?: string): string | undefined {
  if (!isMillraceError(error) || (error.code !== "flow-timeout" && error.code !== "step-timeout")) return undefined;
  const { limitMs } = error.data;
  const time = typeof limitMs === "number" ? ` after ${limitMs / 1_000}s` : "";
  return `TIMED OUT${time}${who === undefined ? "" : `: ${who}`}`;
}

/** Errors and labels may have several lines, and characters that move the cursor. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
