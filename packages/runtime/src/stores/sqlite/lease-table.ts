/** The table `leases`: the newest lease of each run. It survives being given back, so that epochs never repeat. */
import type { Clock, Lease, OwnerInfo, RunId } from "@millrace/core";
import { isOwnerAlive } from "../../owner/process-identity.js";
import { acquiredTwice, runOwned } from "../store-errors.js";
import type { Database, SqlRow, Statement } from "./driver.js";
import { decodeText, encodeText } from "./text-column.js";

/** Reads and writes leases. Transactions are the caller's. */
export class LeaseTable {
  readonly #clock: Clock;
  readonly #find: Statement;
  readonly #owned: Statement;
  readonly #take: Statement;
  readonly #beat: Statement;
  readonly #release: Statement;

  constructor(database: Database, clock: Clock) {
    this.#clock = clock;
    this.#find = database.prepare("SELECT * FROM leases WHERE run = ?");
    this.#owned = database.prepare("SELECT * FROM leases WHERE engine IS NOT NULL");
    this.#take = database.prepare(
      `INSERT OR REPLACE INTO leases (run, epoch, pid, process_start, boot, host, engine, heartbeat_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#beat = database.prepare(
      "UPDATE leases SET heartbeat_at = ? WHERE run = ? AND epoch = ? AND engine IS NOT NULL",
    );
    this.#release = database.prepare("UPDATE leases SET engine = NULL WHERE run = ? AND epoch = ?");
  }

  /** True if the lease is the newest of its run and was not given back. */
  holds(lease: Lease): boolean {
    const row = this.#find.all([lease.run])[0];
    return row !== undefined && row.epoch === lease.epoch && row.engine !== null;
  }

  /** Raises the epoch. @throws MillraceError `run-owned` while another living engine holds the run. */
  acquire(run: RunId, owner: OwnerInfo): Lease {
    const row = this.#find.all([run])[0];
    if (row !== undefined && row.engine !== null) {
      const holder = ownerOf(row);
      if (holder.engine === owner.engine) throw acquiredTwice(run, owner);
      if (this.#lives(row)) throw runOwned(run, holder);
    }
    const epoch = Number(row?.epoch ?? 0) + 1;
    const { pid, processStart, boot, host, engine } = owner;
    const now = this.#clock.now();
    this.#take.run([run, epoch, pid, processStart, boot, encodeText(host), encodeText(engine), now]);
    return { run, epoch };
  }

  /** False if the lease is stale. */
  beat(lease: Lease): boolean {
    return this.#beat.run([this.#clock.now(), lease.run, lease.epoch]) > 0;
  }

  /** Gives a run back; a stale lease changes nothing. */
  release(lease: Lease): void {
    this.#release.run([lease.run, lease.epoch]);
  }

  /** Living owner of one run; undefined if it has none. */
  ownerOf(run: RunId): OwnerInfo | undefined {
    const row = this.#find.all([run])[0];
    return row !== undefined && row.engine !== null && this.#lives(row) ? ownerOf(row) : undefined;
  }

  /** Living owners of all runs that have one. */
  owners(): ReadonlyMap<RunId, OwnerInfo> {
    const owners = new Map<RunId, OwnerInfo>();
    // Safe: the column holds run ids only.
    for (const row of this.#owned.all([])) if (this.#lives(row)) owners.set(row.run as RunId, ownerOf(row));
    return owners;
  }

  #lives(row: SqlRow): boolean {
    return isOwnerAlive(ownerOf(row), Number(row.heartbeat_at), this.#clock.now());
  }
}

function ownerOf(row: SqlRow): OwnerInfo {
  return {
    pid: Number(row.pid),
    processStart: String(row.process_start),
    boot: String(row.boot),
    host: decodeText(row.host),
    engine: decodeText(row.engine),
  };
}
