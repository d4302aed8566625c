/** Claims: who may tick a stored flow, and until when. They are changes of its record. */
import { type Clock, systemClock } from "@millrace/core";
import type { FlowClaim, FlowRecord, FlowRecords } from "./flow-records.js";

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

/** True if no claim holds. */
export function isFree({ claim }: FlowRecord, options: Pick<ClaimOptions, "clock">): boolean {
  return !(claim && claim.until > timeOf(options));
}

/** Claims a flow, if that is what `isWanted` says and no claim holds. */
export async function claimFlow(
  records: FlowRecords,
  key: string,
  options: ClaimOptions,
  isWanted: (record: FlowRecord) => boolean,
): Promise<FlowRecord | undefined> {
  let claimed = false;
  const record = await records.change(key, (there) => {
    claimed = there !== undefined && isFree(there, options) && isWanted(there);
    return claimed && there ? { ...there, claim: newClaim(options) } : there;
  });
  return claimed ? record : undefined;
}

/** Does something under a claim that is renewed meanwhile. */
export async function whileRenewing<T>(
  records: FlowRecords,
  key: string,
  options: ClaimOptions,
  work: () => Promise<T>,
): Promise<T> {
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

/** Changes a record under the runner's claim. False, and nothing changed, if another runner has claimed the flow, or could have. */
export async function changeHeld(
  records: FlowRecords,
  key: string,
  options: ClaimOptions,
  change: (record: FlowRecord) => FlowRecord,
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
