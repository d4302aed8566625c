/** A step that a plan meets: it runs nothing and gives what stood on record, so that the body goes on to its next calls. */
import type { StoredBytes } from "@millrace/core";
import { latch } from "../runs/latch.js";
import type { Place, RunHost, Unit, UnitSettled } from "../steps/unit.js";
import { assumedSuccess } from "./assumed-success.js";

/** What a planned step tells. */
export interface PlannedUnitHost {
  readonly host: RunHost;
  begins(): void;
  settled(fact: UnitSettled): void;
  /** It is asked to end before it has. */
  aborted(): void;
}

/** One step of a plan. */
export class PlannedUnit implements Unit {
  readonly #place: Place;
  readonly #value: StoredBytes | undefined | Promise<StoredBytes | undefined>;
  readonly #around: PlannedUnitHost;
  readonly #gone = latch();

  /** @param value What it is taken to give; undefined if nothing is known. */
  constructor(
    place: Place,
    value: StoredBytes | undefined | Promise<StoredBytes | undefined>,
    around: PlannedUnitHost,
  ) {
    this.#place = place;
    this.#value = value;
    this.#around = around;
  }

  standing(): string {
    return this.#place.node;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  start(): void {
    this.#around.begins();
    if (this.#value instanceof Promise) void this.#value.then((value) => this.#settle(value));
    else this.#settle(this.#value);
  }

  #settle(value: StoredBytes | undefined): void {
    const { host, settled } = this.#around;
    const fact = assumedSuccess(this.#place, host.clock.now(), value);
    host.append(fact, (made) => {
      this.#gone.resolve();
      // append hands back the very fact it was given, with its place in the order.
      settled(made as UnitSettled);
    });
  }

  abort(): void {
    this.#around.aborted();
    this.#gone.resolve();
  }
}
