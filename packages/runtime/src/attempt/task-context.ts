/** The TaskContext that an attempt gives to its instance. What a task does not ask for is not made. */
import { format } from "node:util";
import type { Job, LogLevel } from "@millrace/core";
import type { TaskContext } from "@millrace/sdk/internal";

/** What the context needs of its attempt. */
export interface ContextSource {
  readonly job: Omit<Job, "identity">;
  readonly signal: AbortSignal;
  log(level: LogLevel, text: string): void;
  progress(fraction: number | undefined, message: string | undefined): void;
}

/** The context of one attempt. */
export class AttemptContext implements TaskContext {
  readonly #source: ContextSource;

  constructor(source: ContextSource) {
    this.#source = source;
  }

  get signal(): AbortSignal {
    return this.#source.signal;
  }

  get log(): TaskContext["log"] {
    const source = this.#source;
    const at =
      (level: LogLevel) =>
      (message: string, ...args: readonly unknown[]): void =>
        source.log(level, format(message, ...args));
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }

  get info(): TaskContext["info"] {
    const { run, key: step, node, task, attempt, attempts, idempotencyKey } = this.#source.job;
    return { run, step, node, task, attempt, willRetry: attempt < attempts, idempotencyKey };
  }

  progress(fraction: number | undefined, message: string | undefined): void {
    this.#source.progress(fraction, message);
  }
}
