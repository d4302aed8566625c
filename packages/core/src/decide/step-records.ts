/**
 * What is on record for one body, and the one decision about each of its calls: restored, or run. The run itself, `flow plan`
 * and `flow why` ask here.
 */
import { appendTo } from "../collections/append-to.js";
import type { Identity, Site, StepKey } from "../identity/brands.js";

/** What a call, or a record, is known by. */
export interface StepPlace {
  readonly key: StepKey;
  readonly site: Site;
  readonly identity: Identity;
}

/** How a record stands to the code that runs now. */
export interface RecordStanding {
  /** Where its call stands now. */
  readonly key: StepKey;
  readonly site: Site;
  /** Other code made it, so that its key may have moved. */
  readonly movable: boolean;
  /** It is given up and serves no call: it tells only why that call runs. */
  readonly dropped: boolean;
}

/** What becomes of a call. */
export type Decision<R> =
  | { readonly verdict: "restored"; readonly record: R; readonly by: "key" | "site" | "identity" }
  /** `nearest`: the record that stands where the call does and does not serve it; undefined if none does. */
  | { readonly verdict: "runs"; readonly nearest: R | undefined };

/** What most calls of a first life are told. */
const NOTHING_ON_RECORD = { verdict: "runs", nearest: undefined } as const;

/**
 * Records of one body, each serves one call. Matching: (1) same key and identity; else, only for records of other code,
 * (2) same site and identity, oldest first; else (3) any site with that identity, if the task allows it. Keys and sites are
 * those of now. With unchanged code (2) and (3) could only hand a call the record of its twin, and the replay another order.
 */
export class StepRecords<R extends StepPlace> {
  readonly #exact = new Map<string, R>();
  /** Records of other code, by site and identity and by identity alone. */
  readonly #movable = new Map<string, R[]>();
  /** The newest record of each key. */
  readonly #places = new Map<StepKey, R>();
  readonly #used = new Set<R>();

  /** @param records In the order of their delivery. */
  constructor(records: readonly R[], standingOf: (record: R) => RecordStanding) {
    for (const record of records) {
      const { key, site, movable, dropped } = standingOf(record);
      this.#places.set(key, record);
      if (dropped) continue;
      const exact = `${record.identity} ${key}`;
      if (!this.#exact.has(exact)) this.#exact.set(exact, record);
      if (!movable) continue;
      appendTo(this.#movable, `${record.identity} ${site}`, record);
      appendTo(this.#movable, record.identity, record);
    }
  }

  /**
   * Decides about a call. The record of a restored one serves no other.
   * @param anySite The outcome depends on the identity alone, so that a record of any site serves.
   */
  decide(place: StepPlace, anySite: boolean): Decision<R> {
    if (this.#places.size === 0) return NOTHING_ON_RECORD;
    const decision = this.#match(place, anySite);
    if (decision.verdict === "restored") this.#used.add(decision.record);
    return decision;
  }

  /** The record that stands at a key now, whether or not it serves. */
  at(key: StepKey): R | undefined {
    return this.#places.get(key);
  }

  #match({ key, site, identity }: StepPlace, anySite: boolean): Decision<R> {
    const exact = this.#exact.get(`${identity} ${key}`);
    if (exact && !this.#used.has(exact)) return { verdict: "restored", record: exact, by: "key" };
    const moved = this.#oldest(`${identity} ${site}`);
    if (moved) return { verdict: "restored", record: moved, by: "site" };
    const twin = anySite ? this.#oldest(identity) : undefined;
    if (twin) return { verdict: "restored", record: twin, by: "identity" };
    return { verdict: "runs", nearest: this.#places.get(key) };
  }

  #oldest(name: string): R | undefined {
    return this.#movable.get(name)?.find((record) => !this.#used.has(record));
  }
}
