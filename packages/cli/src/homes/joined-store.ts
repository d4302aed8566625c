/** All runs of a project as one store: each is looked at, and changed, where it is kept. What is of no run is that of the first home. */
import type {
  CachedResult,
  ControlRequest,
  Fact,
  FactBatch,
  FactsWanted,
  Identity,
  Lease,
  OwnerInfo,
  RunId,
  RunStore,
  RunSummary,
} from "@millrace/core";
import type { RunHome } from "./run-home.js";

/** Homes, of which there is one at least. */
export type Homes = readonly [RunHome, ...RunHome[]];

/** Joins them. Closing it closes them. */
export function joinedStore(homes: Homes): RunStore {
  return new JoinedStore(homes);
}

class JoinedStore implements RunStore {
  readonly name = "joined";
  readonly #homes: Homes;
  readonly #homeOf = new Map<RunId, RunHome>();

  constructor(homes: Homes) {
    this.#homes = homes;
  }

  async list(filter: { readonly run?: RunId; readonly flow?: string } = {}): Promise<readonly RunSummary[]> {
    const found: RunSummary[] = [];
    for (const home of this.#homes) {
      for (const run of await home.runs.list(filter)) {
        // Two homes can have the same run only if somebody copied it.
        if (this.#homeOf.get(run.id) !== undefined && this.#homeOf.get(run.id) !== home) continue;
        this.#homeOf.set(run.id, home);
        found.push(run);
      }
    }
    return found.sort((a, b) => b.startedAt - a.startedAt);
  }

  read(run: RunId, wanted?: FactsWanted): AsyncIterable<Fact> {
    // One by one through a generator, a million facts would take twice as long.
    return this.#homes.length === 1 ? this.#homes[0].runs.read(run, wanted) : this.#readWhereItIs(run, wanted);
  }

  async *#readWhereItIs(run: RunId, wanted?: FactsWanted): AsyncIterable<Fact> {
    yield* (await this.#home(run)).runs.read(run, wanted);
  }

  async append(batches: readonly FactBatch[]): Promise<void> {
    for (const batch of batches) await (await this.#store(batch.run)).append([batch]);
  }

  async acquire(run: RunId, owner: OwnerInfo): Promise<Lease> {
    return (await this.#store(run)).acquire(run, owner);
  }

  async heartbeat(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) await (await this.#store(lease.run)).heartbeat([lease]);
  }

  async release(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) await (await this.#store(lease.run)).release([lease]);
  }

  async remove(lease: Lease): Promise<void> {
    await (await this.#store(lease.run)).remove(lease);
  }

  async request(request: Omit<ControlRequest, "id" | "at">): Promise<void> {
    await (await this.#store(request.run)).request(request);
  }

  async takeRequests(leases: readonly Lease[]): Promise<readonly ControlRequest[]> {
    const taken: ControlRequest[] = [];
    for (const lease of leases) taken.push(...(await (await this.#store(lease.run)).takeRequests([lease])));
    return taken;
  }

  async cached(identity: Identity): Promise<CachedResult | undefined> {
    return (await this.#homes[0].open()).cached(identity);
  }

  async scheduledUpTo(schedule: string): Promise<number | undefined> {
    return (await this.#homes[0].open()).scheduledUpTo(schedule);
  }

  async markScheduled(schedule: string, instant: number): Promise<void> {
    await (await this.#homes[0].open()).markScheduled(schedule, instant);
  }

  async close(): Promise<void> {
    for (const home of this.#homes) await home.close();
  }

  async #store(run: RunId): Promise<RunStore> {
    return (await this.#home(run)).open();
  }

  async #home(run: RunId): Promise<RunHome> {
    if (!this.#homeOf.has(run)) await this.list({ run });
    return this.#homeOf.get(run) ?? this.#homes[0];
  }
}
