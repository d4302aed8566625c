/** Cancels a run from outside: asks its owner, or ends it on the record if nobody owns it. */
import { randomUUID } from "node:crypto";
import {
  bytesInMemory,
  type Clock,
  encodeError,
  isMillraceError,
  type Lease,
  MillraceError,
  type RunId,
  type RunStore,
  type RunSummary,
  unknownRun,
} from "@millrace/core";
import { ownerInfo } from "../owner/process-identity.js";
import { runAborted } from "../runs/run-aborted.js";

/** Pause between two looks at a run whose owner was asked, ms. */
const LOOK_MS = 200;

/** What is cancelled. */
export interface CancelRequest {
  readonly run: RunId;
  /** For people. */
  readonly reason: string;
  readonly clock: Clock;
  /** Told once its owner has been asked. */
  readonly asked?: (owner: RunSummary["owner"]) => void;
}

/**
 * Resolves when the run has ended as aborted, or otherwise: its owner may have come to its end first.
 * @throws MillraceError `unknown-run`, `run-over`.
 */
export async function cancelRun(store: RunStore, request: CancelRequest): Promise<RunSummary> {
  let asked = false;
  for (;;) {
    const found = await lookUp(store, request.run);
    if (found.state !== "running" && found.state !== "suspended") {
      if (asked) return found;
      throw runOver(found);
    }
    const lease = await tryAcquire(store, request.run);
    if (lease) {
      await endOnRecord(store, lease, request);
      return lookUp(store, request.run);
    }
    if (!asked) {
      await store.request({ run: request.run, kind: "cancel", name: request.reason, value: new Uint8Array() });
      request.asked?.(found.owner);
    }
    asked = true;
    await new Promise<void>((resolve) => request.clock.after(LOOK_MS, resolve));
  }
}

async function lookUp(store: RunStore, run: RunId): Promise<RunSummary> {
  const [found] = await store.list({ run });
  if (found) return found;
  const known = await store.list();
  throw unknownRun(
    run,
    known.map(({ id }) => id),
  );
}

/** Undefined while a living engine owns the run. */
async function tryAcquire(store: RunStore, run: RunId): Promise<Lease | undefined> {
  try {
    return await store.acquire(run, ownerInfo(randomUUID()));
  } catch (error) {
    if (isMillraceError(error) && error.code === "run-owned") return undefined;
    throw error;
  }
}

/** As the run's owner would. What else was asked of it is void: it would meet a run that has been let go on. */
async function endOnRecord(store: RunStore, lease: Lease, request: CancelRequest): Promise<void> {
  try {
    await store.takeRequests([lease]);
    // Its owner may have written since the run was looked up.
    const { seq, state } = await lookUp(store, lease.run);
    if (state !== "running" && state !== "suspended") return;
    const error = bytesInMemory(encodeError(runAborted(lease.run, request.reason)));
    const fact = { kind: "run-ended", state: "aborted", error, blamed: [], orphans: [] } as const;
    await store.append([{ ...lease, facts: [{ ...fact, seq: seq + 1, at: request.clock.now() }] }]);
  } finally {
    await store.release([lease]);
  }
}

function runOver({ id, state }: RunSummary): MillraceError {
  return new MillraceError(
    "run-over",
    `Run ${id} is over: it ${state === "aborted" ? "was cancelled" : `has ${state}`}.`,
    {
      hint: `Look at it with \`flow show ${id}\`.`,
      data: { run: id, state },
    },
  );
}
