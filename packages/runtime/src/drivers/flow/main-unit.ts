/**
 * A unit that no thread runs and that ends with one activation record: local steps, sleeps and waits. It cannot be killed,
 * only let go.
 */
import {
  type AbortCause,
  type ActivationSettled,
  bytesInMemory,
  encodeError,
  formatDuration,
  MillraceError,
  type SettledState,
} from "@millrace/core";
import { latch } from "../../runs/latch.js";
import { type Place, type RunHost, refOf, type Unit, type UnitSettled } from "../../steps/unit.js";

/** What every such unit is given. */
export interface MainUnitSpec {
  readonly place: Place;
  readonly host: RunHost;
  readonly onSettled: (fact: UnitSettled) => void;
}

/** What they have in common. */
export abstract class MainUnit implements Unit {
  protected readonly place: Place;
  protected readonly host: RunHost;
  readonly #activation: ActivationSettled["activation"];
  readonly #onSettled: (fact: UnitSettled) => void;
  readonly #gone = latch();
  #startedAt = 0;
  #started = false;
  #over = false;
  #abort: { readonly cause: AbortCause; readonly message: string } | undefined;

  constructor(activation: ActivationSettled["activation"], { place, host, onSettled }: MainUnitSpec) {
    this.place = place;
    this.host = host;
    this.#activation = activation;
    this.#onSettled = onSettled;
  }

  standing(): string {
    const since = this.host.clock.now() - this.#startedAt;
    return `${this.place.node} (${this.#started ? `running for ${formatDuration(since)}` : "not begun"})`;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  start(): void {
    this.#started = true;
    this.#startedAt = this.host.clock.now();
    if (this.#abort) return this.#settleAborted();
    this.host.emit({ type: "step-running", step: refOf(this.place), attempt: 1 });
    this.begin();
  }

  abort(cause: AbortCause, message: string): void {
    this.#abort ??= { cause, message };
    if (this.#started) this.#settleAborted();
  }

  /** Begins; ends with `settle`. */
  protected abstract begin(): void;

  /** Lets go of what it waits for: it is over, in whatever way. */
  protected leave(): void {}

  /** True from `start` to the end. */
  protected get running(): boolean {
    return this.#started && !this.#over;
  }

  /** Ends it, once; later calls do nothing. */
  protected settle(
    state: SettledState,
    outcome: Partial<Pick<ActivationSettled, "value" | "error" | "cause" | "message">>,
  ): void {
    if (this.#over) return;
    this.#finish();
    const fact = {
      kind: "activation-settled" as const,
      activation: this.#activation,
      ...this.place,
      state,
      source: "ran" as const,
      attempts: 1,
      steps: 0,
      readyAt: this.#startedAt,
      startedAt: this.#startedAt,
      endedAt: this.host.clock.now(),
      ...outcome,
    };
    this.host.append(fact, (committed) => {
      // append hands back the very fact it was given, with its place in the order.
      this.#onSettled(committed as UnitSettled);
      this.#gone.resolve();
    });
  }

  #settleAborted(): void {
    if (this.#over || !this.#abort) return;
    const { cause, message } = this.#abort;
    if (cause === "process") {
      this.#finish();
      return this.#gone.resolve();
    }
    const error = new MillraceError("step-aborted", `${this.place.node} was aborted: ${message}`, {
      data: { step: this.place.key },
    });
    this.settle("aborted", { error: bytesInMemory(encodeError(error)), cause });
  }

  #finish(): void {
    this.#over = true;
    this.leave();
  }
}
