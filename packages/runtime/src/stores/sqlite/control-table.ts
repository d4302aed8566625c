/** The table `control`: requests of other processes to the owners of runs, each taken once. */
import type { Clock, ControlRequest, RunId } from "@millrace/core";
import type { Database, SqlRow, Statement } from "./driver.js";
import { decodeText, encodeText } from "./text-column.js";

/** Reads and writes requests. Transactions are the caller's. */
export class ControlTable {
  readonly #clock: Clock;
  readonly #any: Statement;
  readonly #add: Statement;
  readonly #of: Statement;
  readonly #remove: Statement;

  constructor(database: Database, clock: Clock) {
    this.#clock = clock;
    this.#any = database.prepare("SELECT 1 AS found FROM control LIMIT 1");
    this.#add = database.prepare("INSERT INTO control (run, kind, name, value, at) VALUES (?, ?, ?, ?, ?)");
    this.#of = database.prepare("SELECT * FROM control WHERE run = ? ORDER BY id");
    this.#remove = database.prepare("DELETE FROM control WHERE run = ?");
  }

  /** True if there is nothing for anybody: a cheap question, since owners ask often. */
  isEmpty(): boolean {
    return this.#any.all([]).length === 0;
  }

  /** Leaves a request. */
  add(request: Omit<ControlRequest, "id" | "at">): void {
    const { run, kind, name, value } = request;
    this.#add.run([run, kind, encodeText(name), value, this.#clock.now()]);
  }

  /** Removes and returns the requests for a run, oldest first. */
  take(run: RunId): readonly ControlRequest[] {
    const rows = this.#of.all([run]);
    if (rows.length > 0) this.#remove.run([run]);
    return rows.map(requestOf);
  }
}

function requestOf(row: SqlRow): ControlRequest {
  // Safe, all casts: the columns were written by `add` from values of these types.
  return {
    id: row.id as number,
    run: row.run as RunId,
    kind: row.kind as ControlRequest["kind"],
    name: decodeText(row.name),
    value: row.value as Uint8Array,
    at: row.at as number,
  };
}
