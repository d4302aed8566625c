/** Hands events to observers. An observer that throws is reported once on stderr and switched off; a run never feels it. */
import type { Observer, RunEvent } from "@millrace/core";

/** All observers of an engine. */
export class ObserverHub {
  readonly #active: Set<Observer>;

  constructor(observers: readonly Observer[]) {
    this.#active = new Set(observers);
  }

  /** True while somebody watches. */
  get watched(): boolean {
    return this.#active.size > 0;
  }

  /** Opens every observer. */
  async open(): Promise<void> {
    for (const observer of [...this.#active]) {
      try {
        await observer.open?.();
      } catch (error) {
        this.#drop(observer, error);
      }
    }
  }

  /** Hands on one event. */
  emit(event: RunEvent): void {
    for (const observer of this.#active) {
      try {
        observer.on(event);
      } catch (error) {
        this.#drop(observer, error);
      }
    }
  }

  /** Closes every observer, in reverse order; all of them, whatever one does. */
  async close(): Promise<void> {
    for (const observer of [...this.#active].reverse()) {
      try {
        await observer.close?.();
      } catch (error) {
        this.#drop(observer, error);
      }
    }
  }

  #drop(observer: Observer, error: unknown): void {
    this.#active.delete(observer);
    process.stderr.write(`millrace: the observer "${observer.name}" failed and is switched off: ${String(error)}\n`);
  }
}
