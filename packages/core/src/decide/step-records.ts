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

/**
 * Records of one body, each serves one call. Matching: (1) same key and identity; else, only for records of other code,
 * (2) same site and identity, oldest first; else (3) any site with that identity, if the task allows it. Keys and sites are
 * those of now. With unchanged code (2) and (3) could only hand a call the record of its twin, and the replay another order.
 */
export class StepRecords<R extends StepPlace> {
  /** The first record that serves calls at each key. */
  readonly #first = new Map<StepKey, R>();
  /** Those after the first. */
  readonly #further = new Map<StepKey, R[]>();
  /** Records of other code, by site and identity and by identity alone; those before `from` are used. */
  readonly #movable = new Map<string, { readonly records: R[]; from: number }>();
  /** The newest record of each key, where that is another than the first: a dropped one, or one of those after it. */
  readonly #newest = new Map<StepKey, R>();
  readonly #used = new Set<R>();

  /** @param records In the order of their delivery. */
  constructor(records: readonly R[], standingOf: (record: R) => RecordStanding) {
    for (const record of records) {
      const { key, site, movable, dropped } = standingOf(record);
      if (dropped) {
        this.#newest.set(key, record);
        continue;
      }
      if (this.#first.has(key)) {
        appendTo(this.#further, key, record);
        this.#newest.set(key, record);
      } else {
        this.#first.set(key, record);
        this.#newest.delete(key);
      }
      if (!movable) continue;
      for (const name of [`${record.identity} ${site}`, record.identity]) {
        const found = this.#movable.get(name);
        if (found) found.records.push(record);
        else this.#movable.set(name, { records: [record], from: 0 });
      }
    }
  }

  /**
   * Decides about a call. The record of a restored one serves no other, and may be let go.
   * @param anySite The outcome depends on the identity alone, so that a record of any site serves.
   */
  decide(place: StepPlace, anySite: boolean): Decision<R> {
    const decision = this.#match(place, anySite);
    if (decision.verdict === "restored") this.#use(place.key, decision.record);
    return decision;
  }

  /** The record that stands at a key now, whether or not it serves. */
  at(key: StepKey): R | undefined {
    return this.#newest.get(key) ?? this.#first.get(key);
  }

  /** Keys are never asked for twice, so that a record which only its key leads to need not be held any longer. */
  #use(key: StepKey, record: R): void {
    const isOnly = this.#movable.size === 0 && !this.#further.has(key) && this.#first.get(key) === record;
    if (isOnly) this.#first.delete(key);
    else this.#used.add(record);
  }

  #match({ key, site, identity }: StepPlace, anySite: boolean): Decision<R> {
    const exact = this.#exact(key, identity);
    if (exact && !this.#used.has(exact)) return { verdict: "restored", record: exact, by: "key" };
    if (this.#movable.size > 0) {
      const moved = this.#oldest(`${identity} ${site}`);
      if (moved) return { verdict: "restored", record: moved, by: "site" };
      const twin = anySite ? this.#oldest(identity) : undefined;
      if (twin) return { verdict: "restored", record: twin, by: "identity" };
    }
    return { verdict: "runs", nearest: this.at(key) };
  }

  #exact(key: StepKey, identity: Identity): R | undefined {
    const first = this.#first.get(key);
    if (first?.identity === identity) return first;
    return this.#further.get(key)?.find((record) => record.identity === identity);
  }

  #oldest(name: string): R | undefined {
    const found = this.#movable.get(name);
    if (!found) return undefined;
    for (; found.from < found.records.length; found.from++) {
      const record = found.records[found.from];
      if (record && !this.#used.has(record)) return record;
    }
    return undefined;
  }
}
