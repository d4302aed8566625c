/** What schedulers are told: how they run their jobs, and which jobs are meant. */
import { type Duration, MillraceError, suggestName } from "@millrace/core";
import type { JobOptions } from "./job-base.js";
import type { Jobs } from "./job-model.js";

/** How a scheduler runs its jobs. */
export interface SchedulerOptions extends JobOptions {
  /** Most of its jobs that run at once; an inner scheduler is one, and what runs forever is none. Default: no limit. */
  readonly window?: number;
  /** Longest time of all of it. */
  readonly timeout?: Duration;
}

/** Which part is kept. Absent: no limit on that side. */
export interface Between {
  /** These, and all that require them, also through others. */
  readonly from?: Jobs;
  /** These, and all that they require, also through others. */
  readonly to?: Jobs;
  /** Without `from` and `to` themselves. */
  readonly exclusive?: boolean;
}

/** How far a question about jobs goes. */
export interface ReachOptions {
  /** Not through others. Default false. */
  readonly direct?: boolean;
}

const KNOWN: ReadonlySet<string> = new Set<keyof SchedulerOptions>([
  "label",
  "forever",
  "critical",
  "requires",
  "window",
  "timeout",
]);

/** @throws MillraceError `scheduler-invalid` for an option that there is not: it would be passed over. */
export function checkOptions(scheduler: string, options: SchedulerOptions): void {
  for (const name of Object.keys(options)) {
    if (KNOWN.has(name)) continue;
    throw new MillraceError("scheduler-invalid", `"${name}" is no option of ${scheduler}.`, {
      hint: suggestName(name, KNOWN, `There are ${[...KNOWN].join(", ")}.`),
      data: { scheduler, option: name },
    });
  }
}
