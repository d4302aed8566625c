/** What is on record for one body, and how a call finds its record. */
import type { Identity, Site, StepKey } from "@millrace/core";
import type { UnitSettled } from "../../steps/unit.js";

/** What a call looks for. */
export interface RecordQuery {
  readonly key: StepKey;
  readonly site: Site;
  readonly identity: Identity;
  /** The outcome depends on the identity alone, so that a record of any site serves. */
  readonly anySite: boolean;
}

/**
 * Records of one body, each consumed at most once. Matching: (1) same key and identity; else, only for records of
 * other code, (2) same site and identity, oldest first; else (3) any site with that identity, if the task allows it.
 * With unchanged code (2) and (3) could only hand a call the record of its twin, and the replay another order.
 */
export class RecordIndex {
  readonly #byKey = new Map<string, UnitSettled>();
  /** Records of other code, by site and identity and by identity alone. */
  readonly #movable = new Map<string, UnitSettled[]>();
  readonly #consumed = new Set<UnitSettled>();

  /**
   * @param records In the order of their delivery.
   * @param isMovable Whether other code made the record.
   */
  constructor(records: readonly UnitSettled[], isMovable: (record: UnitSettled) => boolean) {
    for (const record of records) {
      const exact = `${record.identity} ${record.key}`;
      if (!this.#byKey.has(exact)) this.#byKey.set(exact, record);
      if (!isMovable(record)) continue;
      push(this.#movable, `${record.identity} ${record.site}`, record);
      push(this.#movable, record.identity, record);
    }
  }

  /** Finds and consumes the record of a call; undefined if there is none. */
  take(query: RecordQuery): UnitSettled | undefined {
    const exact = this.#byKey.get(`${query.identity} ${query.key}`);
    const found =
      exact && !this.#consumed.has(exact)
        ? exact
        : (this.#oldest(`${query.identity} ${query.site}`) ??
          (query.anySite ? this.#oldest(query.identity) : undefined));
    if (found) this.#consumed.add(found);
    return found;
  }

  #oldest(name: string): UnitSettled | undefined {
    return this.#movable.get(name)?.find((record) => !this.#consumed.has(record));
  }
}

function push(map: Map<string, UnitSettled[]>, name: string, record: UnitSettled): void {
  const list = map.get(name);
  if (list) list.push(record);
  else map.set(name, [record]);
}
