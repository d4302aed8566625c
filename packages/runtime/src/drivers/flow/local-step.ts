/** `this.step`: a function on the main thread whose outcome is recorded like a step's. It cannot be killed, only let go. */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  type AbortCause,
  bytesInMemory,
  encodeError,
  encodeFor,
  formatDuration,
  MillraceError,
  type SettledState,
} from "@millrace/core";
import { latch } from "../../runs/latch.js";
import { untilIdle } from "../../runs/until-idle.js";
import { type Place, type RunHost, refOf, type Unit, type UnitSettled } from "../../steps/unit.js";

const inside = new AsyncLocalStorage<true>();

/** One local step. */
export class LocalStep implements Unit {
  readonly #place: Place;
  readonly #fn: () => unknown;
  readonly #host: RunHost;
  readonly #onSettled: (fact: UnitSettled) => void;
  readonly #gone = latch();
  #startedAt = 0;
  #started = false;
  #over = false;
  #abort: { readonly cause: AbortCause; readonly message: string } | undefined;

  constructor(place: Place, fn: () => unknown, host: RunHost, onSettled: (fact: UnitSettled) => void) {
    this.#place = place;
    this.#fn = fn;
    this.#host = host;
    this.#onSettled = onSettled;
  }

  /** True while the function of some local step is running around the caller. */
  static isRunning(): boolean {
    return inside.getStore() === true;
  }

  standing(): string {
    const since = this.#host.clock.now() - this.#startedAt;
    return `${this.#place.node} (${this.#started ? `running for ${formatDuration(since)}` : "not begun"})`;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  start(): void {
    this.#started = true;
    this.#startedAt = this.#host.clock.now();
    if (this.#abort) return this.#settleAborted();
    this.#host.emit({ type: "step-running", step: refOf(this.#place), attempt: 1 });
    const result = inside.run(true, async () => encodeFor(`step ${this.#place.node}`, "result", await this.#fn()));
    untilIdle(result, () => this.#stalled()).then(
      (value) => this.#settle("succeeded", { value: bytesInMemory(value) }),
      (error: unknown) => this.#settle("failed", { error: bytesInMemory(encodeError(error)) }),
    );
  }

  abort(cause: AbortCause, message: string): void {
    this.#abort ??= { cause, message };
    if (this.#started) this.#settleAborted();
  }

  #stalled(): MillraceError {
    return new MillraceError(
      "stalled",
      `The function of step ${this.#place.node} waits for something that never comes.`,
      {
        hint: "The process had nothing left to do that could settle it: look at what the function awaits.",
        data: { step: this.#place.key },
      },
    );
  }

  #settleAborted(): void {
    if (this.#over || !this.#abort) return;
    const { cause, message } = this.#abort;
    if (cause === "process") {
      this.#over = true;
      return this.#gone.resolve();
    }
    const error = new MillraceError("step-aborted", `${this.#place.node} was aborted: ${message}`, {
      data: { step: this.#place.key },
    });
    this.#settle("aborted", { error: bytesInMemory(encodeError(error)), cause });
  }

  #settle(state: SettledState, outcome: Partial<Pick<UnitSettled, "value" | "error" | "cause">>): void {
    if (this.#over) return;
    this.#over = true;
    const fact = {
      kind: "activation-settled" as const,
      activation: "step" as const,
      ...this.#place,
      state,
      source: "ran" as const,
      attempts: 1,
      steps: 0,
      readyAt: this.#startedAt,
      startedAt: this.#startedAt,
      endedAt: this.#host.clock.now(),
      ...outcome,
    };
    this.#host.append(fact, (committed) => {
      // append hands back the very fact it was given, with its place in the order.
      this.#onSettled(committed as UnitSettled);
      this.#gone.resolve();
    });
  }
}
