/**
 * A RunStore on an open SQLite file. It says what belongs into one transaction; the tables know their columns. All
 * statements run on the calling thread. Opened by open-sqlite-store.ts.
 */
import {
  type CachedResult,
  type Clock,
  type ControlRequest,
  type Fact,
  type FactBatch,
  type FactsWanted,
  type Identity,
  type Lease,
  type OwnerInfo,
  type RunId,
  type RunStore,
  type RunSummary,
  type StoredBytes,
  unknownRun,
} from "@millrace/core";
import { failpoint } from "../../failpoints/failpoint.js";
import { isCacheable } from "../cacheable.js";
import { refuseUnbuilt } from "../refuse-unbuilt.js";
import { ownershipLost, storeClosed } from "../store-errors.js";
import { foldSummary } from "../summary-fold.js";
import { CacheTable } from "./cache-table.js";
import { type ContentFiles, type ContentReference, contentPath, contentSize } from "./content-files.js";
import { ControlTable } from "./control-table.js";
import type { Database, DriverName } from "./driver.js";
import { FactTable } from "./fact-table.js";
import { largeValues } from "./large-values.js";
import { LeaseTable } from "./lease-table.js";
import { listRuns } from "./run-list.js";
import { RunTable } from "./run-table.js";
import { ScheduleTable } from "./schedule-table.js";
import { describeFailure } from "./sqlite-errors.js";
import { type Transact, transactions } from "./transaction.js";

/** What a store says about its file, for `flow doctor` and tests. */
export interface SqliteFacts {
  /** Absolute path of the database. */
  readonly file: string;
  /** Library that speaks to SQLite. */
  readonly driver: DriverName;
  /** Version of SQLite itself. */
  readonly sqlite: string;
  /** `wal`. */
  readonly journalMode: string;
  /** 2 is FULL: every commit waits for the disk. */
  readonly synchronous: number;
}

/** Which content files are looked at, and whether they are only counted. Default: all are, and deleted. */
export interface ContentCollection {
  readonly among?: Iterable<ContentReference>;
  readonly dryRun?: boolean;
}

/** What was deleted, or would be. */
export interface CollectedContent {
  readonly files: number;
  readonly bytes: number;
}

/** What a store is made of. */
export interface SqliteStoreParts {
  /** Absolute path of the database, for messages. */
  readonly file: string;
  readonly driver: DriverName;
  readonly database: Database;
  readonly content: ContentFiles;
  readonly clock: Clock;
}

/** The store. */
export class SqliteStore implements RunStore {
  readonly name = "sqlite";
  readonly #parts: SqliteStoreParts;
  readonly #transact: Transact;
  readonly #facts: FactTable;
  readonly #runs: RunTable;
  readonly #leases: LeaseTable;
  readonly #control: ControlTable;
  readonly #cache: CacheTable;
  readonly #schedules: ScheduleTable;
  /** Resolves when the appends so far have settled; undefined while none waits for the disk. */
  #queue: Promise<void> | undefined;
  #closed = false;

  /** The tables must exist. The store closes the database. */
  constructor(parts: SqliteStoreParts) {
    const { database, clock } = parts;
    this.#parts = parts;
    this.#transact = transactions(database);
    this.#facts = new FactTable(database, parts.content);
    this.#runs = new RunTable(database);
    this.#leases = new LeaseTable(database, clock);
    this.#control = new ControlTable(database, clock);
    this.#cache = new CacheTable(database, parts.content);
    this.#schedules = new ScheduleTable(database);
  }

  async append(batches: readonly FactBatch[]): Promise<void> {
    this.#assertOpen();
    refuseUnbuilt(batches);
    const large = largeValues(batches);
    // Appends that wait for content files keep those behind them waiting: facts of one run are committed in order.
    if (large.references.size === 0 && this.#queue === undefined) return void this.#commit(batches, large.references);
    const turn = (this.#queue ?? Promise.resolve()).then(async () => {
      do {
        await this.#parts.content.write(large.contents);
        failpoint("content-written");
      } while (this.#commit(batches, large.references) === "content-gone");
    });
    const settled = turn
      .catch(() => {})
      .then(() => {
        if (this.#queue === settled) this.#queue = undefined;
      });
    this.#queue = settled;
    return turn;
  }

  async *read(run: RunId, what?: FactsWanted): AsyncIterable<Fact> {
    let seq = 0;
    for (;;) {
      const page = this.#guard(() => this.#facts.after(run, seq, what));
      const last = page.at(-1);
      if (last === undefined) break;
      yield* page;
      seq = last.seq;
    }
    if (seq === 0) {
      const known = this.#guard(() => this.#runs.list(undefined));
      throw unknownRun(
        run,
        known.map(({ id }) => id),
      );
    }
  }

  async cached(identity: Identity): Promise<CachedResult | undefined> {
    return this.#guard(() => this.#cache.find(identity));
  }

  async list(filter: { readonly run?: RunId; readonly flow?: string } = {}): Promise<readonly RunSummary[]> {
    return this.#guard(() => listRuns({ runs: this.#runs, leases: this.#leases }, filter));
  }

  async acquire(run: RunId, owner: OwnerInfo): Promise<Lease> {
    return this.#write(() => this.#leases.acquire(run, owner));
  }

  async heartbeat(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    const lost = this.#write(() => leases.filter((lease) => !this.#leases.beat(lease)));
    if (lost.length > 0) throw ownershipLost(lost.map((lease) => lease.run));
  }

  async release(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    await this.#queue;
    this.#write(() => {
      for (const lease of leases) this.#leases.release(lease);
    });
  }

  async remove(lease: Lease): Promise<void> {
    const { run } = lease;
    await this.#queue;
    const named = this.#write(() => {
      if (!this.#leases.holds(lease)) throw ownershipLost([run]);
      const references = this.#facts.references(run);
      this.#facts.remove(run);
      this.#cache.remove(run);
      this.#runs.remove(run);
      this.#control.take(run);
      this.#leases.release(lease);
      return references;
    });
    if (named.size > 0) this.collectContent({ among: named });
  }

  /**
   * Deletes content files that no fact names, of these or (without any) of all in the folder. Under the lock that commits
   * need, and those look whether their files are there: a fact never names what is deleted here.
   */
  collectContent({ among, dryRun = false }: ContentCollection = {}): CollectedContent {
    const { content } = this.#parts;
    return this.#write(() => {
      const named = new Set([...this.#facts.references()].map(contentPath));
      const unnamed = [...(among ?? content.list())].filter((reference) => !named.has(contentPath(reference)));
      if (!dryRun) content.remove(unnamed);
      return { files: unnamed.length, bytes: unnamed.reduce((sum, reference) => sum + contentSize(reference), 0) };
    });
  }

  /** Gives free pages back to the disk if a quarter of the file is free; gives the bytes that the file lost. */
  compact(): number {
    return this.#guard(() => {
      const { database } = this.#parts;
      const pragma = (name: string): number =>
        Number(Object.values(database.prepare(`PRAGMA ${name}`).all([])[0] ?? {})[0]);
      const before = pragma("page_count");
      if (pragma("freelist_count") * 4 < before) return 0;
      database.exec("VACUUM");
      return (before - pragma("page_count")) * pragma("page_size");
    });
  }

  async request(request: Omit<ControlRequest, "id" | "at">): Promise<void> {
    this.#write(() => this.#control.add(request));
  }

  async takeRequests(leases: readonly Lease[]): Promise<readonly ControlRequest[]> {
    if (this.#guard(() => this.#control.isEmpty())) return [];
    return this.#write(() =>
      leases
        .filter((lease) => this.#leases.holds(lease))
        .flatMap((lease) => this.#control.take(lease.run))
        .sort((a, b) => a.id - b.id),
    );
  }

  async scheduledUpTo(schedule: string): Promise<number | undefined> {
    return this.#guard(() => this.#schedules.upTo(schedule));
  }

  async markScheduled(schedule: string, instant: number): Promise<void> {
    this.#write(() => this.#schedules.mark(schedule, instant));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#queue;
    this.#parts.database.close();
  }

  /** The settings in force, read back from SQLite. */
  describe(): SqliteFacts {
    return this.#guard(() => {
      const { file, driver, database } = this.#parts;
      const one = (sql: string): unknown => Object.values(database.prepare(sql).all([])[0] ?? {})[0];
      return {
        file,
        driver,
        sqlite: String(one("SELECT sqlite_version()")),
        journalMode: String(one("PRAGMA journal_mode")),
        synchronous: Number(one("PRAGMA synchronous")),
      };
    });
  }

  /**
   * One transaction for all batches. Those of a stale owner are left out, and reported once the others are durable. Nothing
   * is written if a content file has been deleted, as that of another run, after it was found here.
   */
  #commit(
    batches: readonly FactBatch[],
    references: ReadonlyMap<StoredBytes, ContentReference>,
  ): "committed" | "content-gone" {
    const place = (value: StoredBytes): Uint8Array | string => references.get(value) ?? value.read();
    const lost = this.#described(() =>
      this.#transact(() => {
        if (this.#parts.content.missing(references.values()).length > 0) return undefined;
        const stale = new Set<RunId>();
        for (const batch of batches) {
          if (!this.#leases.holds(batch)) stale.add(batch.run);
          else this.#addFacts(batch, place);
        }
        failpoint("rows-written");
        return [...stale];
      }),
    );
    if (lost === undefined) return "content-gone";
    if (lost.length > 0) throw ownershipLost(lost);
    return "committed";
  }

  #addFacts(batch: FactBatch, place: (value: StoredBytes) => Uint8Array | string): void {
    let summary = this.#runs.find(batch.run);
    for (const fact of batch.facts) {
      summary = foldSummary(batch.run, summary, fact);
      this.#facts.add(batch, fact, place);
      if (isCacheable(fact)) this.#cache.save(fact.identity, batch.run, fact);
    }
    if (summary !== undefined) this.#runs.save(summary);
  }

  #write<T>(action: () => T): T {
    return this.#guard(() => this.#transact(action));
  }

  #guard<T>(action: () => T): T {
    this.#assertOpen();
    return this.#described(action);
  }

  #described<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw describeFailure(error, this.#parts.file);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw storeClosed(this.name);
  }
}
