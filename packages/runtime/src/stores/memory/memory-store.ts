/**
 * A RunStore in memory: for tests, and for runs that nobody wants to resume. Nothing survives the process. Rules and
 * errors are those of the durable stores.
 */
import {
  type CachedResult,
  type Clock,
  type ControlRequest,
  type Fact,
  type FactBatch,
  type Identity,
  type Lease,
  type OwnerInfo,
  type RunId,
  type RunStore,
  type RunSummary,
  systemClock,
  unknownRun,
} from "@millrace/core";
import { isOwnerAlive } from "../../owner/process-identity.js";
import { isCacheable } from "../cacheable.js";
import { ownBytes } from "../own-bytes.js";
import { acquiredTwice, ownershipLost, runOwned, storeClosed } from "../store-errors.js";
import { type FoldedSummary, foldSummary } from "../summary-fold.js";

interface MemoryLease {
  epoch: number;
  owner: OwnerInfo | undefined;
  heartbeatAt: number;
}

/** Opens an empty store. */
export function memoryStore(options: { readonly clock?: Clock } = {}): RunStore {
  return new MemoryStore(options.clock ?? systemClock);
}

class MemoryStore implements RunStore {
  readonly name = "memory";
  readonly #clock: Clock;
  readonly #facts = new Map<RunId, Fact[]>();
  readonly #summaries = new Map<RunId, FoldedSummary>();
  readonly #leases = new Map<RunId, MemoryLease>();
  readonly #cache = new Map<Identity, CachedResult & { readonly run: RunId }>();
  readonly #scheduled = new Map<string, number>();
  #requests: ControlRequest[] = [];
  #lastRequest = 0;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async append(batches: readonly FactBatch[]): Promise<void> {
    this.#assertOpen();
    const lost = new Set<RunId>();
    const facts = new Map<RunId, Fact[]>();
    const summaries = new Map<RunId, FoldedSummary>();
    for (const batch of batches) {
      if (!this.#holds(batch)) {
        lost.add(batch.run);
        continue;
      }
      const added = facts.get(batch.run) ?? [];
      let summary = summaries.get(batch.run) ?? this.#summaries.get(batch.run);
      for (const fact of batch.facts) {
        summary = foldSummary(batch.run, summary, fact);
        added.push(ownBytes(fact));
      }
      facts.set(batch.run, added);
      if (summary !== undefined) summaries.set(batch.run, summary);
    }
    // Only now is anything changed: a batch that breaks a rule leaves no trace of the others either.
    for (const [run, added] of facts) {
      const recorded = this.#facts.get(run);
      if (recorded === undefined) this.#facts.set(run, added);
      else for (const fact of added) recorded.push(fact);
      for (const fact of added) {
        if (isCacheable(fact)) this.#cache.set(fact.identity, { run, value: fact.value, at: fact.endedAt });
      }
    }
    for (const [run, summary] of summaries) this.#summaries.set(run, summary);
    if (lost.size > 0) throw ownershipLost([...lost]);
  }

  async *read(run: RunId): AsyncIterable<Fact> {
    this.#assertOpen();
    const facts = this.#facts.get(run);
    if (facts === undefined || facts.length === 0) {
      throw unknownRun(run, [...this.#summaries.keys()].reverse());
    }
    yield* facts;
  }

  async cached(identity: Identity): Promise<CachedResult | undefined> {
    this.#assertOpen();
    const found = this.#cache.get(identity);
    return found && { value: found.value, at: found.at };
  }

  async list(filter: { readonly run?: RunId; readonly flow?: string } = {}): Promise<readonly RunSummary[]> {
    this.#assertOpen();
    const found = [...this.#summaries.values()].filter(
      (summary) =>
        (filter.run === undefined || summary.id === filter.run) &&
        (filter.flow === undefined || summary.flow === filter.flow),
    );
    return found
      .reverse()
      .sort((a, b) => b.startedAt - a.startedAt)
      .map((summary) => {
        const owner = this.#livingOwner(summary.id);
        return owner === undefined ? summary : { ...summary, owner };
      });
  }

  async acquire(run: RunId, owner: OwnerInfo): Promise<Lease> {
    this.#assertOpen();
    const before = this.#leases.get(run);
    if (before?.owner?.engine === owner.engine) throw acquiredTwice(run, owner);
    const living = this.#livingOwner(run);
    if (living !== undefined) throw runOwned(run, living);
    const epoch = (before?.epoch ?? 0) + 1;
    this.#leases.set(run, { epoch, owner, heartbeatAt: this.#clock.now() });
    return { run, epoch };
  }

  async heartbeat(leases: readonly Lease[]): Promise<void> {
    this.#assertOpen();
    const lost: RunId[] = [];
    for (const lease of leases) {
      const held = this.#leases.get(lease.run);
      if (held !== undefined && this.#holds(lease)) held.heartbeatAt = this.#clock.now();
      else lost.push(lease.run);
    }
    if (lost.length > 0) throw ownershipLost(lost);
  }

  async release(leases: readonly Lease[]): Promise<void> {
    this.#assertOpen();
    for (const lease of leases) {
      const held = this.#leases.get(lease.run);
      if (held !== undefined && this.#holds(lease)) held.owner = undefined;
    }
  }

  async remove(lease: Lease): Promise<void> {
    this.#assertOpen();
    const { run } = lease;
    const held = this.#leases.get(run);
    if (held === undefined || !this.#holds(lease)) throw ownershipLost([run]);
    this.#facts.delete(run);
    this.#summaries.delete(run);
    for (const [identity, cached] of this.#cache) if (cached.run === run) this.#cache.delete(identity);
    this.#requests = this.#requests.filter((request) => request.run !== run);
    held.owner = undefined;
  }

  async request(request: Omit<ControlRequest, "id" | "at">): Promise<void> {
    this.#assertOpen();
    this.#lastRequest += 1;
    const value = Uint8Array.from(request.value);
    this.#requests.push({ ...request, value, id: this.#lastRequest, at: this.#clock.now() });
  }

  async takeRequests(leases: readonly Lease[]): Promise<readonly ControlRequest[]> {
    this.#assertOpen();
    const mine = new Set(leases.filter((lease) => this.#holds(lease)).map((lease) => lease.run));
    const taken = this.#requests.filter((request) => mine.has(request.run));
    this.#requests = this.#requests.filter((request) => !mine.has(request.run));
    return taken;
  }

  async scheduledUpTo(schedule: string): Promise<number | undefined> {
    this.#assertOpen();
    return this.#scheduled.get(schedule);
  }

  async markScheduled(schedule: string, instant: number): Promise<void> {
    this.#assertOpen();
    this.#scheduled.set(schedule, Math.max(instant, this.#scheduled.get(schedule) ?? instant));
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #holds(lease: Lease): boolean {
    const held = this.#leases.get(lease.run);
    return held?.owner !== undefined && held.epoch === lease.epoch;
  }

  #livingOwner(run: RunId): OwnerInfo | undefined {
    const lease = this.#leases.get(run);
    if (lease?.owner === undefined) return undefined;
    return isOwnerAlive(lease.owner, lease.heartbeatAt, this.#clock.now()) ? lease.owner : undefined;
  }

  #assertOpen(): void {
    if (this.#closed) throw storeClosed(this.name);
  }
}
