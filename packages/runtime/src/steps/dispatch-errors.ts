/** Why a job does not run that has done nothing wrong. */
import { type Job, MillraceError } from "@millrace/core";

/** Threads kept ending under it. */
export function lostTooOften(job: Job, times: number): MillraceError {
  return new MillraceError("thread-lost", `${job.node} lost its worker thread ${times} times.`, {
    hint: "Something ends threads of this process: look at native modules, and at what other tasks do at the same time.",
    data: { step: job.key, task: job.task },
  });
}

/** No lane is left that could run it. */
export function noLaneLeft(job: Job, cause: Error): MillraceError {
  return new MillraceError("thread-start-failed", `${job.node} cannot run: ${cause.message}`, {
    hint: "Free file descriptors, processes or memory, or raise their limits (ulimit, container).",
    data: { step: job.key, task: job.task },
    cause,
  });
}
