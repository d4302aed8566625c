/** Cancels a run from outside: asks its owner, or ends it on the record if nobody owns it. */
import {
  bytesInMemory,
  type Clock,
  encodeError,
  type Lease,
  type RunId,
  type RunStore,
  type RunSummary,
} from "@millrace/core";
import { runAborted } from "../runs/run-aborted.js";
import { runOver } from "../runs/run-over.js";
import { lookUp, tryAcquire } from "./reach-run.js";

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
  /** The engine that was asked. */
  let asked: string | undefined;
  for (;;) {
    const found = await lookUp(store, request.run);
    if (found.state !== "running" && found.state !== "suspended") {
      if (asked !== undefined) return found;
      throw runOver(found.id, found.state);
    }
    const lease = await tryAcquire(store, request.run);
    if (lease) {
      await endOnRecord(store, lease, request);
      return lookUp(store, request.run);
    }
    // One that went away has taken the request along: the next is asked anew.
    if (found.owner !== undefined && found.owner.engine !== asked) {
      await store.request({ run: request.run, kind: "cancel", name: request.reason, value: new Uint8Array() });
      request.asked?.(found.owner);
      asked = found.owner.engine;
    }
    await new Promise<void>((resolve) => request.clock.after(LOOK_MS, resolve));
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
