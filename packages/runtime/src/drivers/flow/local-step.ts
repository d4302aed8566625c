/** `this.step`, and a node that runs a local function: code on the main thread whose outcome is recorded like a step's. */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  type AbortCause,
  bytesInMemory,
  type Duration,
  durationMs,
  encodeError,
  encodeFor,
  formatDuration,
  MillraceError,
} from "@millrace/core";
import { untilIdle } from "../../runs/until-idle.js";
import { MainUnit, type MainUnitSpec } from "./main-unit.js";

const inside = new AsyncLocalStorage<true>();

/** One local step. */
export class LocalStep extends MainUnit {
  readonly #fn: (signal: AbortSignal) => unknown;
  readonly #timeout: Duration | undefined;
  readonly #controller = new AbortController();
  #endDeadline: () => void = () => {};

  /**
   * @param fn Its signal is aborted when nobody waits for it any more.
   * @param timeout Longest time that it may take: it cannot be killed, only let go.
   */
  constructor(spec: MainUnitSpec, fn: (signal: AbortSignal) => unknown, timeout?: Duration) {
    super("step", spec);
    this.#fn = fn;
    this.#timeout = timeout;
  }

  /** True while the function of some local step is running around the caller. */
  static isRunning(): boolean {
    return inside.getStore() === true;
  }

  override abort(cause: AbortCause, message: string): void {
    super.abort(cause, message);
    this.#controller.abort(new MillraceError("step-aborted", message, { data: { step: this.place.key } }));
  }

  protected override begin(): void {
    const { signal } = this.#controller;
    if (this.#timeout !== undefined) {
      const limitMs = durationMs(this.#timeout, `timeout of ${this.place.node}`);
      this.#endDeadline = this.host.clock.after(limitMs, () => this.#overdue(limitMs));
    }
    const result = inside.run(true, async () => encodeFor(`step ${this.place.node}`, "result", await this.#fn(signal)));
    untilIdle(result, () => this.#stalled()).then(
      (value) => this.settle("succeeded", { value: bytesInMemory(value) }),
      (error: unknown) => this.settle("failed", { error: bytesInMemory(encodeError(error)) }),
    );
  }

  protected override leave(): void {
    this.#endDeadline();
  }

  #overdue(limitMs: number): void {
    const error = new MillraceError(
      "step-timeout",
      `${this.place.node} took longer than its timeout of ${formatDuration(limitMs)}.`,
      {
        hint: 'Raise the option "timeout", or let the function heed its signal and find out what it waits for.',
        data: { step: this.place.key, limitMs },
      },
    );
    this.settle("failed", { error: bytesInMemory(encodeError(error)) });
    this.#controller.abort(error);
  }

  #stalled(): MillraceError {
    return new MillraceError(
      "stalled",
      `The function of step ${this.place.node} waits for something that never comes.`,
      {
        hint: "The process had nothing left to do that could settle it: look at what the function awaits.",
        data: { step: this.place.key },
      },
    );
  }
}
