/** A run as another process than its owner's meets it. */
import { randomUUID } from "node:crypto";
import {
  type Clock,
  type ControlRequest,
  isMillraceError,
  type Lease,
  type OwnerInfo,
  type RunId,
  type RunStore,
  type RunSummary,
  unknownRun,
} from "@millrace/core";
import { ownerInfo } from "../owner/process-identity.js";

/** Its line in the list. @throws MillraceError `unknown-run`. */
export async function lookUp(store: RunStore, run: RunId): Promise<RunSummary> {
  const [found] = await store.list({ run });
  if (found) return found;
  const known = await store.list();
  throw unknownRun(
    run,
    known.map(({ id }) => id),
  );
}

/** Makes the caller its owner; undefined while a living engine is. */
async function tryAcquire(store: RunStore, run: RunId): Promise<Lease | undefined> {
  try {
    return await store.acquire(run, ownerInfo(randomUUID()));
  } catch (error) {
    if (isMillraceError(error) && error.code === "run-owned") return undefined;
    throw error;
  }
}

/** How long an owner is waited for before that is said, ms. Longer than the default grace of tasks would be too long to sit in silence. */
const SLOW_MS = 5_000;

/** What is wanted of a run. */
export interface Errand<T> {
  readonly run: RunId;
  readonly clock: Clock;
  /** Pause between two looks, ms. */
  readonly lookMs: number;
  /** What its owner is asked for. */
  readonly request: Pick<ControlRequest, "kind" | "name" | "value">;
  /** What has come of it, as the run stands; undefined if nothing has yet. `asked`: some owner was. @throws if nothing can. */
  readonly come: (found: RunSummary, asked: boolean) => Promise<T | undefined>;
  /** Does it where nobody owns the run. */
  readonly alone: (lease: Lease, asked: boolean) => Promise<T>;
  /** Told when an owner has been asked. */
  readonly asked?: (owner: OwnerInfo) => void;
  /** Told once, when an owner has had so long (SLOW_MS) that it may never answer. */
  readonly slow?: (owner: OwnerInfo) => void;
}

/** Asks the owner and waits for what comes of it; one that goes away before leaves it to the next, or to the caller. */
export async function runErrand<T>(store: RunStore, errand: Errand<T>): Promise<T> {
  const { run, clock, lookMs, request } = errand;
  let asked: string | undefined;
  let askedAt = 0;
  let isSlow = false;
  for (;;) {
    const found = await lookUp(store, run);
    const come = await errand.come(found, asked !== undefined);
    if (come !== undefined) return come;
    const lease = await tryAcquire(store, run);
    if (lease) {
      try {
        return await errand.alone(lease, asked !== undefined);
      } finally {
        await store.release([lease]);
      }
    }
    // An owner that took the request and went away has taken it along: the next is asked anew.
    if (found.owner !== undefined && found.owner.engine !== asked) {
      await store.request({ run, ...request });
      asked = found.owner.engine;
      askedAt = clock.now();
      errand.asked?.(found.owner);
    }
    if (found.owner && !isSlow && clock.now() - askedAt >= SLOW_MS) {
      isSlow = true;
      errand.slow?.(found.owner);
    }
    await new Promise<void>((resolve) => clock.after(lookMs, resolve));
  }
}
