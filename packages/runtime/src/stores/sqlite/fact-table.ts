/** The table `facts`: rows are added and read in order, never changed. Transactions are the caller's. */
import type { Fact, FactsWanted, RunId, StoredBytes } from "@millrace/core";
import { bytesInMemory, FACT_KINDS } from "@millrace/core";
import type { ContentFiles, ContentReference } from "./content-files.js";
import type { Database, SqlValue, Statement } from "./driver.js";
import {
  FACT_COLUMNS,
  factOfRow,
  factValues,
  type PlacedValue,
  READ_COLUMNS,
  VALUE_FIELDS,
  type ValueField,
} from "./fact-row.js";
import { TextPool } from "./text-pool.js";

/** Rows that are in memory at once. */
const PAGE = 256;

/** Values up to this size come with their row, larger ones when asked for; so a page is 3 MB at most. */
const EAGER_LIMIT = 4_096;

/** Reads and writes facts. */
export class FactTable {
  readonly #database: Database;
  readonly #content: ContentFiles;
  readonly #insert: Statement;
  #page: Statement | undefined;
  readonly #bodies = new Map<ValueField, Statement>();
  readonly #texts = new TextPool();

  constructor(database: Database, content: ContentFiles) {
    this.#database = database;
    this.#content = content;
    const marks = FACT_COLUMNS.map(() => "?").join(", ");
    this.#insert = database.prepare(`INSERT INTO facts (${FACT_COLUMNS.join(", ")}) VALUES (${marks})`);
  }

  /** Adds a row. */
  add(
    owner: { readonly run: RunId; readonly epoch: number },
    fact: Fact,
    place: (value: StoredBytes) => PlacedValue,
  ): void {
    this.#insert.run(factValues(owner, fact, place));
  }

  /** The facts that follow `seq`, a page of them; empty at the end. */
  after(run: RunId, seq: number, { stepParams = true }: FactsWanted = {}): readonly Fact[] {
    this.#page ??= this.#database.prepare(PAGE_SQL);
    return this.#page
      .lists([stepParams ? 1 : 0, run, seq, PAGE])
      .map((row) => factOfRow(row, this.#texts, (index) => this.#stored(run, row, index)));
  }

  /** Deletes the facts of a run. */
  remove(run: RunId): void {
    this.#database.prepare("DELETE FROM facts WHERE run = ?").run([run]);
  }

  /** References to content files: all of them, or those of one run. Reads the whole table if no run is given. */
  references(run?: RunId): ReadonlySet<ContentReference> {
    const where = run === undefined ? "" : "run = ? AND ";
    const selects = VALUE_FIELDS.map(
      (field) => `SELECT ${field}_file AS reference FROM facts WHERE ${where}${field}_file IS NOT NULL`,
    );
    const rows = this.#database
      .prepare(selects.join(" UNION "))
      .all(run === undefined ? [] : VALUE_FIELDS.map(() => run));
    // Safe: the columns hold references only.
    return new Set(rows.map((row) => row.reference as ContentReference));
  }

  #stored(run: RunId, row: readonly SqlValue[], index: number): StoredBytes | undefined {
    const found = row[READ_COLUMNS.length + index];
    if (typeof found === "string") return this.#content.stored(found);
    if (found instanceof Uint8Array) return bytesInMemory(found);
    if (typeof found !== "number") return undefined;
    const seq = Number(row[0]);
    return { size: found, read: () => this.#body({ run, seq }, VALUE_FIELDS[index] as ValueField) };
  }

  #body(id: { readonly run: RunId; readonly seq: number }, field: ValueField): Uint8Array {
    let statement = this.#bodies.get(field);
    if (statement === undefined) {
      statement = this.#database.prepare(`SELECT ${field} AS body FROM facts WHERE run = ? AND seq = ?`);
      this.#bodies.set(field, statement);
    }
    // Safe: the row had a blob of this size a moment ago, and rows never change.
    return statement.all([id.run, id.seq])[0]?.body as Uint8Array;
  }
}

/** Fewer columns, faster reading, so each value has one: the reference of its file, its bytes, or (large) their number. */
const STORED: Readonly<Record<ValueField, string>> = {
  params: stored("params"),
  value: stored("value"),
  error: stored("error"),
};

function stored(field: ValueField): string {
  return `coalesce(${field}_file, CASE WHEN length(${field}) <= ${EAGER_LIMIT} THEN ${field} ELSE length(${field}) END)`;
}

/** Of a run's start the parameters always come. */
const PAGE_SQL = `
SELECT ${READ_COLUMNS.join(", ")},
  CASE WHEN ? OR kind = ${FACT_KINDS["run-started"]} THEN ${STORED.params} END, ${STORED.value}, ${STORED.error}
FROM facts WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`;
