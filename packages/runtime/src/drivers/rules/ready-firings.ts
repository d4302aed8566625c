/** The firings of a run whose time has come, and how many of them may run at once. */
import type { Firing, StepKey } from "@millrace/core";

/** First come, first served, within a window. */
export class ReadyFirings {
  readonly #window: number;
  readonly #ready = new Map<StepKey, Firing>();
  #running = 0;

  /** `window`: most firings that run at once. Absent: as many as there are. */
  constructor(window: number = Number.POSITIVE_INFINITY) {
    this.#window = window;
  }

  /** Those that have not been taken. */
  get size(): number {
    return this.#ready.size;
  }

  add(firing: Firing): void {
    this.#ready.set(firing.key, firing);
  }

  get(key: StepKey): Firing | undefined {
    return this.#ready.get(key);
  }

  /** It need not run: it is on record. */
  delete({ key }: Firing): void {
    this.#ready.delete(key);
  }

  /** The one that came first, if there is room. */
  take(): Firing | undefined {
    if (this.#running >= this.#window) return undefined;
    for (const firing of this.#ready.values()) {
      this.#ready.delete(firing.key);
      return firing;
    }
    return undefined;
  }

  /** A firing runs. */
  began(): void {
    this.#running += 1;
  }

  /** It runs no more. */
  left(): void {
    this.#running -= 1;
  }
}
