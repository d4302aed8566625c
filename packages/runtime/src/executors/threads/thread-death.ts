/** Errors of threads that ended, for the job that is to blame and for the executor. */
import { type Job, MillraceError } from "@millrace/core";

/** The failure of the job in which its thread died. */
export function deathOf(job: Job, cause: Error): MillraceError {
  const data = { step: job.key, task: job.task, attempt: job.attempt };
  if ((cause as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY") {
    return new MillraceError("out-of-memory", `Task ${job.task} (step ${job.key}) ran out of memory.`, {
      hint: `Let ${job.task} hold less at a time (stream, or split its input), or give the threads more heap: NODE_OPTIONS=--max-old-space-size=<MiB>, or resourceLimits of threadExecutor().`,
      data,
      cause,
    });
  }
  return new MillraceError(
    "thread-lost",
    `The worker thread died inside task ${job.task} (step ${job.key}): ${cause.message}`,
    {
      hint: `Something in ${job.task} ended its thread: native code, or an exit that went around process.exit.`,
      data,
      cause,
    },
  );
}

/** What an executor says that cannot start threads. */
export function startFailure(cause: Error): MillraceError {
  return new MillraceError("thread-start-failed", `Worker threads do not start: ${cause.message}`, {
    hint: "Check memory limits (resourceLimits, container) and NODE_OPTIONS; every lane needs a thread that answers in time.",
    cause,
  });
}
