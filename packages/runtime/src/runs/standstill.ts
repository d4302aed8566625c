/** What becomes of a run in which nothing moves: one that only waits may leave the process, one that waits for nothing is stalled. */
import type { Clock } from "@millrace/core";
import type { Waiting } from "../steps/unit.js";
import type { RunEnding } from "./run-ending.js";
import type { Body } from "./run-scope.js";

/** How long a body may wait for nothing before it is called stalled, ms. */
const STALL_MS = 5_000;

/** What comes by itself within this time is waited for in the process, ms. */
const SHORT_WAIT_MS = 10_000;

/** So many of the things that a run waits for stand in its message. */
const SHOWN = 5;

/** The watch of one run. */
export class Standstill {
  readonly #clock: Clock;
  readonly #ending: RunEnding;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, ending: RunEnding) {
    this.#clock = clock;
    this.#ending = ending;
  }

  /** A body waits and nothing that it has issued can settle: soon it is stalled. */
  atRest(body: Body): void {
    this.stop();
    this.#cancel = this.#clock.after(STALL_MS, () => {
      if (!body.waitsForNothing || !this.#ending.decide()) return;
      void this.#ending.suspend(
        "stalled",
        `${body.flow} waits for something that nothing can settle. ${body.describe()}`,
      );
    });
  }

  /** All of the run waits for this: it stops here, unless something comes soon. */
  onlyWaits(waiting: readonly Waiting[]): void {
    const now = this.#clock.now();
    if (waiting.some(({ due }) => due !== undefined && due - now < SHORT_WAIT_MS)) return;
    const awaits = [...new Set(waiting.flatMap(({ message }) => message ?? []))];
    const all = [...new Set(waiting.map(({ what }) => what))];
    const more = all.length > SHOWN ? `, and ${all.length - SHOWN} more` : "";
    const things = all.slice(0, SHOWN).join(", ") + more;
    if (this.#ending.decide()) void this.#ending.suspend("wait", `It waits for ${things}.`, awaits);
  }

  /** Nobody is called stalled any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
