/** What an attempt ties its instance to. What a task does not ask for is not made. */
import { format } from "node:util";
import type { Job, LogLevel } from "@millrace/core";
import type { TaskShared } from "@millrace/sdk";
import type { TaskBinding } from "@millrace/sdk/internal";

/** What the binding needs of its attempt. */
export interface BindingSource {
  readonly job: Omit<Job, "identity">;
  readonly signal: AbortSignal;
  readonly shared: TaskShared;
  log(level: LogLevel, text: string): void;
  progress(fraction: number | undefined, message: string | undefined): void;
  emit(chunk: unknown): void;
  use(target: unknown): Promise<object>;
}

/** The binding of one attempt. */
export class AttemptBinding implements TaskBinding {
  readonly #source: BindingSource;

  constructor(source: BindingSource) {
    this.#source = source;
  }

  get signal(): AbortSignal {
    return this.#source.signal;
  }

  get log(): TaskBinding["log"] {
    const source = this.#source;
    const at =
      (level: LogLevel) =>
      (message: string, ...args: readonly unknown[]): void =>
        source.log(level, format(message, ...args));
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }

  get info(): TaskBinding["info"] {
    const { run, key: step, node, task, attempt, attempts, idempotencyKey } = this.#source.job;
    return { run, step, node, task, attempt, willRetry: attempt < attempts, idempotencyKey };
  }

  get shared(): TaskShared {
    return this.#source.shared;
  }

  progress(fraction: number | undefined, message: string | undefined): void {
    this.#source.progress(fraction, message);
  }

  emit(chunk: unknown): void {
    this.#source.emit(chunk);
  }

  use(target: unknown): Promise<object> {
    return this.#source.use(target);
  }
}
