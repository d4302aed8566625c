/** Cancels a run from outside: asks its owner, or ends it on the record if nobody owns it. */
import {
  bytesInMemory,
  type Clock,
  encodeError,
  type Lease,
  type OwnerInfo,
  type RunId,
  type RunStore,
  type RunSummary,
} from "@millrace/core";
import { runAborted } from "../runs/run-aborted.js";
import { runOver } from "../runs/run-over.js";
import { lookUp, runErrand } from "./reach-run.js";

/** Pause between two looks at a run whose owner was asked, ms. */
const LOOK_MS = 200;

/** What is cancelled. */
export interface CancelRequest {
  readonly run: RunId;
  /** For people. */
  readonly reason: string;
  readonly clock: Clock;
  /** Told once its owner has been asked. */
  readonly asked?: (owner: OwnerInfo) => void;
  /** Told once, when the owner has had so long that it may never answer. */
  readonly slow?: (owner: OwnerInfo) => void;
}

/**
 * Resolves when the run has ended as aborted, or otherwise: its owner may have come to its end first.
 * @throws MillraceError `unknown-run`, `run-over`.
 */
export async function cancelRun(store: RunStore, request: CancelRequest): Promise<RunSummary> {
  const { run, reason, clock, asked, slow } = request;
  return runErrand<RunSummary>(store, {
    run,
    clock,
    lookMs: LOOK_MS,
    request: { kind: "cancel", name: reason, value: new Uint8Array() },
    ...(asked ? { asked } : {}),
    ...(slow ? { slow } : {}),
    async come(found, wasAsked) {
      if (found.state === "running" || found.state === "suspended") return undefined;
      if (wasAsked) return found;
      throw runOver(found.id, found.state);
    },
    async alone(lease) {
      await endOnRecord(store, lease, request);
      return lookUp(store, run);
    },
  });
}

/** As the run's owner would. What else was asked of it is void: it would meet a run that has been let go on. */
async function endOnRecord(store: RunStore, lease: Lease, request: CancelRequest): Promise<void> {
  await store.takeRequests([lease]);
  // Its owner may have written since the run was looked up.
  const { seq, state } = await lookUp(store, lease.run);
  if (state !== "running" && state !== "suspended") return;
  const error = bytesInMemory(encodeError(runAborted(lease.run, request.reason)));
  const fact = { kind: "run-ended", state: "aborted", error, blamed: [], orphans: [] } as const;
  await store.append([{ ...lease, facts: [{ ...fact, seq: seq + 1, at: request.clock.now() }] }]);
}
