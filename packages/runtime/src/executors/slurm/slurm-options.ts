/** How a cluster is spoken to: what users may say, and what holds where they say nothing. */
import { resolve } from "node:path";
import { type Clock, type Duration, durationMs, STATE_DIR, STATE_PATHS, systemClock } from "@millrace/core";
import { checkCount } from "../../check-count.js";

/** All of it is optional. */
export interface SlurmOptions {
  /** Jobs that are with the cluster at once. Default 200. */
  readonly maxConcurrency?: number;
  /** Further arguments of `sbatch` for every job: `["--partition", "long"]`. */
  readonly args?: readonly string[];
  /** Folder of the jobs' outputs, which the nodes see, too. Default `.flow/slurm` in the current folder. */
  readonly spool?: string;
  /** Folder of the cluster's programs. Default: they are on the PATH. */
  readonly bin?: string;
  /** Pause between two submissions. Default 100 ms. */
  readonly submitPause?: Duration;
  /** How often a submission is made that does not succeed. Default 10. */
  readonly submitAttempts?: number;
  /** Pause between these. Default 1 minute. */
  readonly submitRetry?: Duration;
  /** Pause between two looks at the jobs. Default 30 s. */
  readonly poll?: Duration;
  /** Looks in a row that may fail before the place counts as broken. Default 5. */
  readonly pollErrors?: number;
  /** States of jobs that are not over. Default: those of Slurm, and `NODE_FAIL`, since a cluster begins such jobs again. */
  readonly activeStates?: readonly string[];
  /** States of jobs that went well. Default `COMPLETED`. Any other state that is not active is a failure. */
  readonly passedStates?: readonly string[];
  /** Source of time. */
  readonly clock?: Clock;
}

/** The options as they hold; times in ms. */
export interface SlurmSettings {
  readonly maxConcurrency: number;
  readonly args: readonly string[];
  readonly spool: string;
  readonly bin: string | undefined;
  readonly submitPauseMs: number;
  readonly submitAttempts: number;
  readonly submitRetryMs: number;
  readonly pollMs: number;
  readonly pollErrors: number;
  readonly activeStates: ReadonlySet<string>;
  readonly passedStates: ReadonlySet<string>;
  readonly clock: Clock;
}

const ACTIVE_STATES = [
  "PENDING",
  "RUNNING",
  "CONFIGURING",
  "COMPLETING",
  "SUSPENDED",
  "REQUEUED",
  "REQUEUE_FED",
  "REQUEUE_HOLD",
  "RESIZING",
  "RESV_DEL_HOLD",
  "SIGNALING",
  "SPECIAL_EXIT",
  "STAGE_OUT",
  "STOPPED",
  "NODE_FAIL",
];

/** @throws MillraceError `invalid-duration`, `invalid-options`. */
export function slurmSettings(options: SlurmOptions): SlurmSettings {
  const { submitPause = 100, submitRetry = "1m", poll = "30s", ...rest } = options;
  const { maxConcurrency, submitAttempts, pollErrors } = rest;
  for (const [name, count] of Object.entries({ maxConcurrency, submitAttempts, pollErrors })) checkCount(name, count);
  return {
    maxConcurrency: rest.maxConcurrency ?? 200,
    args: rest.args ?? [],
    spool: resolve(rest.spool ?? `${STATE_DIR}/${STATE_PATHS.slurm}`),
    bin: rest.bin,
    submitPauseMs: durationMs(submitPause, "submitPause"),
    submitAttempts: rest.submitAttempts ?? 10,
    submitRetryMs: durationMs(submitRetry, "submitRetry"),
    pollMs: durationMs(poll, "poll"),
    pollErrors: rest.pollErrors ?? 5,
    activeStates: new Set(rest.activeStates ?? ACTIVE_STATES),
    passedStates: new Set(rest.passedStates ?? ["COMPLETED"]),
    clock: rest.clock ?? systemClock,
  };
}
