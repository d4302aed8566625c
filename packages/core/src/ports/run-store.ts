/**
 * Port: where facts are kept. The engine decides what is appended and when; the store decides how it becomes durable.
 * Conformance: `runStoreConformance` of `millrace/testing/conformance`.
 */
import type { Identity, RunId } from "../identity/brands.js";
import type { Fact, StoredBytes } from "../run/facts.js";
import type { OwnerInfo, RunSummary } from "../run/run-state.js";

/** Facts of one run, appended under a lease. */
export interface FactBatch {
  readonly run: RunId;
  /** Epoch of the lease; a store refuses every other one than the newest. */
  readonly epoch: number;
  /** In order of `seq`, following the newest recorded. */
  readonly facts: readonly Fact[];
}

/** What of a run's facts is read. */
export interface FactsWanted {
  /** Default true. False: settlements may come without the parameters, which only people ask for; a run goes on without them. */
  readonly stepParams?: boolean;
}

/** Ownership of a run. */
export interface Lease {
  readonly run: RunId;
  /** 1, 2, 3, …: raised by every acquisition. */
  readonly epoch: number;
}

/** A request from another process to the owner of a run. */
export interface ControlRequest {
  readonly id: number;
  readonly run: RunId;
  readonly kind: "cancel" | "send" | "break";
  readonly name: string;
  readonly value: Uint8Array;
  readonly at: number;
}

/** A result that equal steps of any run may have. */
export interface CachedResult {
  readonly value: StoredBytes;
  /** When the step ended that made it, ms since 1970. */
  readonly at: number;
}

/** Durable home of runs. */
export interface RunStore {
  /** For messages: `sqlite`, `memory`. */
  readonly name: string;
  /**
   * Commits all batches atomically; when it resolves they survive power loss (memory: nothing does).
   * @throws MillraceError `ownership-lost` (data.run) if an epoch is stale: then nothing of that run is written, the
   * other batches are; `store-unusable` if the disk refuses; `unbuilt-code` from a durable store, which takes no facts of
   * code that no build has seen (`UNBUILT`, `isUnbuiltSite`): nothing could resume them.
   */
  append(batches: readonly FactBatch[]): Promise<void>;
  /** All facts of a run in order; bodies of values are read when asked for. @throws `unknown-run`. */
  read(run: RunId, what?: FactsWanted): AsyncIterable<Fact>;
  /**
   * The newest result recorded under an identity by a step that shares it (`cacheable`), of whatever run; undefined if there is
   * none. It is there as soon as its fact is, and not before.
   */
  cached(identity: Identity): Promise<CachedResult | undefined>;
  /** Newest first; one run if `run` is given. */
  list(filter?: { readonly run?: RunId; readonly flow?: string }): Promise<readonly RunSummary[]>;
  /**
   * Makes the caller owner of a run (that need not exist yet) and raises its epoch.
   * @throws MillraceError `run-owned` (data.owner) while another living engine owns it.
   */
  acquire(run: RunId, owner: OwnerInfo): Promise<Lease>;
  /** Says that the owner lives. @throws `ownership-lost`. */
  heartbeat(leases: readonly Lease[]): Promise<void>;
  /** Gives runs back; a stale lease is ignored. */
  release(leases: readonly Lease[]): Promise<void>;
  /**
   * Deletes a run: its facts, their values as far as no other run has them, its requests. The lease is given back, and
   * epochs go on, should the id be used again. @throws `ownership-lost` if the lease is stale: then nothing is deleted.
   */
  remove(lease: Lease): Promise<void>;
  /** Leaves a request for the owner of a run. */
  request(request: Omit<ControlRequest, "id" | "at">): Promise<void>;
  /** Takes and removes the requests for runs of these leases. */
  takeRequests(leases: readonly Lease[]): Promise<readonly ControlRequest[]>;
  /**
   * The newest instant of a schedule that has been dealt with, ms since 1970; undefined if the schedule has never been kept. It
   * survives the runs that were started.
   */
  scheduledUpTo(schedule: string): Promise<number | undefined>;
  /** Notes that a schedule has been kept up to an instant; an earlier one changes nothing. */
  markScheduled(schedule: string, instant: number): Promise<void>;
  /** Flushes and closes; further calls fail. */
  close(): Promise<void>;
}
