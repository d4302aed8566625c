/** The TaskContext that an attempt gives to its instance: log, info, progress, signal. */
import { format } from "node:util";
import type { LogLevel } from "@millrace/core";
import type { TaskContext } from "@millrace/sdk/internal";
import type { AttemptJob } from "./run-attempt.js";

/** What the context needs of its attempt. */
export interface ContextSource {
  readonly job: AttemptJob;
  /** Made on first use: most tasks never ask. */
  signal(): AbortSignal;
  log(level: LogLevel, text: string): void;
  progress(fraction: number | undefined, message: string | undefined): void;
}

/** Builds the context of one attempt. */
export function taskContextOf(source: ContextSource): TaskContext {
  const { job } = source;
  const at =
    (level: LogLevel) =>
    (message: string, ...args: readonly unknown[]): void =>
      source.log(level, format(message, ...args));
  return {
    get signal() {
      return source.signal();
    },
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
    info: {
      run: job.run,
      step: job.key,
      node: job.node,
      task: job.task,
      attempt: job.attempt,
      willRetry: job.attempt < job.attempts,
      idempotencyKey: job.idempotencyKey,
    },
    progress: (fraction, message) => source.progress(fraction, message),
  };
}
