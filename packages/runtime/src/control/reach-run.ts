/** A run as another process than its owner's meets it. */
import { randomUUID } from "node:crypto";
import { isMillraceError, type Lease, type RunId, type RunStore, type RunSummary, unknownRun } from "@millrace/core";
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
export async function tryAcquire(store: RunStore, run: RunId): Promise<Lease | undefined> {
  try {
    return await store.acquire(run, ownerInfo(randomUUID()));
  } catch (error) {
    if (isMillraceError(error) && error.code === "run-owned") return undefined;
    throw error;
  }
}
