/** `this.sleep`. */
import type { Waiting } from "../../steps/unit.js";
import { type DurableTimer, setTimer } from "./durable-timer.js";
import { MainUnit, type MainUnitSpec } from "./main-unit.js";

/** One sleep. */
export class SleepUnit extends MainUnit {
  readonly #ms: number;
  readonly #recorded: number | undefined;
  #timer: DurableTimer | undefined;

  /** @param recorded Its end on record, ms since 1970. */
  constructor(spec: MainUnitSpec, ms: number, recorded: number | undefined) {
    super("sleep", spec);
    this.#ms = ms;
    this.#recorded = recorded;
  }

  waiting(): readonly Waiting[] | undefined {
    const due = this.#timer?.due;
    return this.running && due !== undefined
      ? [{ what: `the end of a sleep (${new Date(due).toISOString()})`, due }]
      : undefined;
  }

  protected override begin(): void {
    const { host, place } = this;
    this.#timer = setTimer({
      host,
      place,
      ms: this.#ms,
      recorded: this.#recorded,
      fire: () => this.settle("succeeded", {}),
    });
  }

  protected override leave(): void {
    this.#timer?.stop();
  }
}
