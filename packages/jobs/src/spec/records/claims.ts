/** Claims: who may tick a stored flow or compute a job, and until when. They are changes of its record. */
import { type Clock, systemClock } from "@millrace/core";
import type { FlowClaim } from "./flow-records.js";

const CLAIM_MS = 60_000;

/** What a claim is made with. */
export interface ClaimOptions {
  /** Name of the runner, for people. */
  readonly runner: string;
  /** How long a claim holds, in ms. It is renewed with each tick, and three times in that time while a tick goes on. Default 60,000. */
  readonly claimMs?: number;
  /** The source of time. Runners of one store have to agree on it within `claimMs`. */
  readonly clock?: Clock;
}

/** A record that can be claimed. */
export interface Claimable {
  readonly claim?: FlowClaim;
}

/** Where such records are: as of the port, one way to change them. */
export interface ClaimableRecords<T extends Claimable> {
  change(key: string, change: (there: T | undefined) => T | undefined): Promise<T | undefined>;
}

/** True if no claim holds. */
export function isFree({ claim }: Claimable, options: Pick<ClaimOptions, "clock">): boolean {
  return !(claim && claim.until > timeOf(options));
}

/** Claims a record that is free. @param wanted What is claimed; `undefined` claims nothing. */
export async function claimRecord<T extends Claimable>(
  records: ClaimableRecords<T>,
  key: string,
  options: ClaimOptions,
  wanted: (there: T | undefined) => T | undefined,
): Promise<{ readonly held: HeldRecord<T>; readonly record: T } | undefined> {
  const held = new HeldRecord(records, key, options);
  let claimed: T | undefined;
  await records.change(key, (there) => {
    const record = there && !isFree(there, options) ? undefined : wanted(there);
    claimed = record && held.renewed(record);
    return claimed ?? there;
  });
  return claimed && { held, record: claimed };
}

/** A record under a claim of this process, whatever else runs under the same name. */
export class HeldRecord<T extends Claimable> {
  readonly #records: ClaimableRecords<T>;
  readonly #key: string;
  readonly #options: ClaimOptions;
  readonly #id = globalThis.crypto.randomUUID();

  /** Made by `claimRecord`. */
  constructor(records: ClaimableRecords<T>, key: string, options: ClaimOptions) {
    this.#records = records;
    this.#key = key;
    this.#options = options;
  }

  /** The record with the claim from now on. */
  renewed(record: T): T {
    const { runner, claimMs = CLAIM_MS } = this.#options;
    return { ...record, claim: { runner, id: this.#id, until: timeOf(this.#options) + claimMs } };
  }

  /** Changes the record. False, and nothing changed, if another one has claimed it, or could have. */
  async change(change: (record: T) => T): Promise<boolean> {
    let held = false;
    await this.#records.change(this.#key, (there) => {
      held = there?.claim?.id === this.#id && !isFree(there, this.#options);
      return held && there ? change(there) : there;
    });
    return held;
  }

  /** Does something that takes longer: the claim is renewed meanwhile. */
  async whileRenewing<R>(work: () => Promise<R>): Promise<R> {
    const { clock = systemClock, claimMs = CLAIM_MS } = this.#options;
    let renewing: Promise<unknown> = Promise.resolve();
    let cancel = (): void => {};
    const wait = (): void => {
      cancel = clock.after(claimMs / 3, () => {
        // One that fails is as good as none: the claim ends, and the write behind the work notices.
        renewing = this.change((there) => this.renewed(there))
          .catch(() => false)
          .then((held) => held && wait());
      });
    };
    wait();
    try {
      return await work();
    } finally {
      cancel();
      await renewing;
      cancel();
    }
  }
}

/** Now. */
export function timeOf({ clock = systemClock }: Pick<ClaimOptions, "clock">): number {
  return clock.now();
}
