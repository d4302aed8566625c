/** The table `runs`: the list of runs, kept up in the transactions that add facts. Transactions are the caller's. */
import type { BuildHash, RunId, RunState, SuspendReason } from "@millrace/core";
import type { FoldedSummary } from "../summary-fold.js";
import type { Database, SqlRow, Statement } from "./driver.js";
import { decodeText, encodeText } from "./text-column.js";

const COLUMNS = "run, flow, build, state, reason, started_at, updated_at, seq";

/** Reads and writes lines of the list. */
export class RunTable {
  readonly #find: Statement;
  readonly #save: Statement;
  readonly #all: Statement;
  readonly #ofFlow: Statement;
  readonly #remove: Statement;

  constructor(database: Database) {
    this.#find = database.prepare(`SELECT ${COLUMNS} FROM runs WHERE run = ?`);
    this.#save = database.prepare(
      `INSERT INTO runs (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET
       build = excluded.build, state = excluded.state, reason = excluded.reason, updated_at = excluded.updated_at, seq = excluded.seq`,
    );
    this.#all = database.prepare(`SELECT ${COLUMNS} FROM runs ORDER BY started_at DESC, id DESC`);
    this.#ofFlow = database.prepare(`SELECT ${COLUMNS} FROM runs WHERE flow = ? ORDER BY started_at DESC, id DESC`);
    this.#remove = database.prepare("DELETE FROM runs WHERE run = ?");
  }

  /** One line; undefined if the run has no facts. */
  find(run: RunId): FoldedSummary | undefined {
    const row = this.#find.all([run])[0];
    return row === undefined ? undefined : summaryOf(row);
  }

  /** All lines, or those of one flow, newest first. */
  list(flow: string | undefined): readonly FoldedSummary[] {
    const rows = flow === undefined ? this.#all.all([]) : this.#ofFlow.all([encodeText(flow)]);
    return rows.map(summaryOf);
  }

  /** Deletes a line. */
  remove(run: RunId): void {
    this.#remove.run([run]);
  }

  /** Writes a line. */
  save(summary: FoldedSummary): void {
    const { id, flow, build, state, reason, startedAt, updatedAt, seq } = summary;
    this.#save.run([id, encodeText(flow), build, state, reason ?? null, startedAt, updatedAt, seq]);
  }
}

function summaryOf(row: SqlRow): FoldedSummary {
  // Safe, all casts: the columns were written by `save` from values of these types.
  return {
    id: row.run as RunId,
    flow: decodeText(row.flow),
    build: row.build as BuildHash,
    state: row.state as RunState,
    ...(row.reason === null ? {} : { reason: row.reason as SuspendReason }),
    startedAt: row.started_at as number,
    updatedAt: row.updated_at as number,
    seq: row.seq as number,
  };
}
