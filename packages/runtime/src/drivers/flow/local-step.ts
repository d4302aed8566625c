/** `this.step`, and a node that runs a local function: code on the main thread whose outcome is recorded like a step's. */
import { AsyncLocalStorage } from "node:async_hooks";
import { type AbortCause, bytesInMemory, encodeError, encodeFor, MillraceError } from "@millrace/core";
import { untilIdle } from "../../runs/until-idle.js";
import { MainUnit, type MainUnitSpec } from "./main-unit.js";

const inside = new AsyncLocalStorage<true>();

/** One local step. */
export class LocalStep extends MainUnit {
  readonly #fn: (signal: AbortSignal) => unknown;
  readonly #controller = new AbortController();

  /** @param fn Its signal is aborted when nobody waits for it any more. */
  constructor(spec: MainUnitSpec, fn: (signal: AbortSignal) => unknown) {
    super("step", spec);
    this.#fn = fn;
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
    const result = inside.run(true, async () => encodeFor(`step ${this.place.node}`, "result", await this.#fn(signal)));
    untilIdle(result, () => this.#stalled()).then(
      (value) => this.settle("succeeded", { value: bytesInMemory(value) }),
      (error: unknown) => this.settle("failed", { error: bytesInMemory(encodeError(error)) }),
    );
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
