/**
 * The narrow door to SQLite: statements with positional values, rows by column name, failures by SQLite's own result
 * code. Two drivers stand behind it; nothing else in the store knows which.
 */

/** What may be bound. Text holds neither NUL nor lone surrogates (see text-column.ts). */
export type SqlValue = number | bigint | string | Uint8Array | null;

/** One row, by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A prepared statement, used again and again. */
export interface Statement {
  /** Runs a statement that returns no rows; the number of rows changed. @throws SqlFailure. */
  run(values: readonly SqlValue[]): number;
  /** All rows. @throws SqlFailure. */
  all(values: readonly SqlValue[]): readonly SqlRow[];
  /** The same without names, in the order of the columns: a third quicker, for what reads thousands. @throws SqlFailure. */
  lists(values: readonly SqlValue[]): readonly (readonly SqlValue[])[];
}

/** An open database file. */
export interface Database {
  /** Runs SQL text without values, and forgets its rows. @throws SqlFailure. */
  exec(sql: string): void;
  /** @throws SqlFailure. */
  prepare(sql: string): Statement;
  /** Closes the file. With libsql it stays open until its statements are collected. */
  close(): void;
}

/** Which library speaks to SQLite. */
export type DriverName = "node" | "libsql";

/** A way to open database files. */
export interface Driver {
  /** For messages. */
  readonly name: DriverName;
  /** Opens or creates a file; a locked one is waited for, `busyTimeoutMs` at most. @throws SqlFailure. */
  open(file: string, busyTimeoutMs: number): Database;
}

/** SQLite's primary result codes that the store tells apart. */
export const SQL_RESULT = {
  error: 1,
  perm: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** SQLite refused. */
export class SqlFailure extends Error {
  /** Primary result code, see SQL_RESULT; 0 if the driver gave none. */
  readonly result: number;

  constructor(result: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "SqlFailure";
    // The upper bytes of an extended code only refine the primary one.
    this.result = result & 0xff;
  }
}
