/** What a body has issued and has not heard the end of, each with what the body knows of it. */
import type { AbortCause, StepKey } from "@millrace/core";
import type { Unit, Waiting } from "../../steps/unit.js";

/** The live units of one body. */
export class LiveUnits<Known> {
  readonly #units = new Map<StepKey, { readonly known: Known; readonly unit: Unit }>();

  get size(): number {
    return this.#units.size;
  }

  add(key: StepKey, unit: Unit, known: Known): void {
    this.#units.set(key, { known, unit });
  }

  /** It is over: what the body knows of it; undefined if it is none of these. */
  take(key: StepKey): Known | undefined {
    const live = this.#units.get(key);
    this.#units.delete(key);
    return live?.known;
  }

  /** Asks all of them to end; resolves when they have. */
  async abort(cause: AbortCause, message: string): Promise<void> {
    // Who ends leaves the map meanwhile.
    const units = [...this.#units.values()].map(({ unit }) => unit);
    for (const unit of units) unit.abort(cause, message);
    await Promise.all(units.map((unit) => unit.gone));
  }

  /** What they wait for, if all of them wait for time or messages; undefined if one works, or if there is none. */
  waiting(): readonly Waiting[] | undefined {
    const all: Waiting[] = [];
    for (const { unit } of this.#units.values()) {
      const waits = unit.waiting?.();
      if (waits === undefined) return undefined;
      all.push(...waits);
    }
    return all.length === 0 ? undefined : all;
  }

  /** Where each stands, oldest first, for messages. */
  standing(): readonly string[] {
    return [...this.#units.values()].map(({ unit }) => unit.standing());
  }
}
