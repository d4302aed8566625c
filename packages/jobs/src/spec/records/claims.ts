/** Claims: who may tick a stored flow or compute a job, and until when. They are changes of its record. */
import { type Clock, systemClock } from "@millrace/core";
import type { FlowClaim } from "./flow-records.js";

const CLAIM_MS = 60_000;

/** What a claim is made with. */
export interface ClaimOptions {
  /** Name of the runner; runners that work at once have names of their own. */
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
): Promise<T | undefined> {
  let claimed: T | undefined;
  await records.change(key, (there) => {
    const record = there && !isFree(there, options) ? undefined : wanted(there);
    claimed = record && { ...record, claim: newClaim(options) };
    return claimed ?? there;
  });
  return claimed;
}

/** Does something under a claim that is renewed meanwhile. */
export async function whileRenewing<T extends Claimable, R>(
  records: ClaimableRecords<T>,
  key: string,
  options: ClaimOptions,
  work: () => Promise<R>,
): Promise<R> {
  const { clock = systemClock, claimMs = CLAIM_MS } = options;
  let renewing: Promise<unknown> = Promise.resolve();
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = clock.after(claimMs / 3, () => {
      // One that fails is as good as none: the claim ends, and the write behind the work notices.
      renewing = changeHeld(records, key, options, (there) => ({ ...there, claim: newClaim(options) }))
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

/** Changes a record under the runner's claim. False, and nothing changed, if another runner has claimed it, or could have. */
export async function changeHeld<T extends Claimable>(
  records: ClaimableRecords<T>,
  key: string,
  options: ClaimOptions,
  change: (record: T) => T,
): Promise<boolean> {
  let held = false;
  await records.change(key, (there) => {
    held = there?.claim?.runner === options.runner && !isFree(there, options);
    return held && there ? change(there) : there;
  });
  return held;
}

/** A claim from now on. */
export function newClaim(options: ClaimOptions): FlowClaim {
  const { runner, claimMs = CLAIM_MS } = options;
  return { runner, until: timeOf(options) + claimMs };
}

/** Now. */
export function timeOf({ clock = systemClock }: Pick<ClaimOptions, "clock">): number {
  return clock.now();
}
