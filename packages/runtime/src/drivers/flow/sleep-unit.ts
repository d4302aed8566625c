/** `this.sleep`. */
import type { Waiting } from "../../steps/unit.js";
import { type DurableTimer, setTimer, type TimerSpec } from "./durable-timer.js";
import { MainUnit, type MainUnitSpec } from "./main-unit.js";

/** How long it is. */
export type SleepSpec = Pick<TimerSpec, "timers" | "ms" | "recorded">;

/** One sleep. */
export class SleepUnit extends MainUnit {
  readonly #sleep: SleepSpec;
  #timer: DurableTimer | undefined;

  constructor(spec: MainUnitSpec, sleep: SleepSpec) {
    super("sleep", spec);
    this.#sleep = sleep;
  }

  waiting(): readonly Waiting[] | undefined {
    const due = this.#timer?.due;
    return this.running && due !== undefined
      ? [{ what: `the end of a sleep (${new Date(due).toISOString()})`, due }]
      : undefined;
  }

  protected override begin(): void {
    const { host, place } = this;
    this.#timer = setTimer({ host, place, ...this.#sleep, fire: () => this.settle("succeeded", {}) });
  }

  protected override leave(): void {
    this.#timer?.stop();
  }
}
