/**
 * How files of older formats become ones of the present: a step from each version to the next. A step names tables and columns
 * as they were at its time, so it is never changed, whatever becomes of the schema.
 */
import type { Database } from "./driver.js";

/** Brings tables and rows from one version to the next, in a transaction of the caller's. */
export type Migration = (database: Database) => void;

/** The first leads from version 1 to 2, the next from 2 to 3, and so on. */
export const MIGRATIONS: readonly Migration[] = [completeVersionOne];

/** Version 1 was the number of four sets of tables, each with something that the ones before lack. */
function completeVersionOne(database: Database): void {
  const hasCodec = database
    .prepare("PRAGMA table_info(facts)")
    .all([])
    .some(({ name }) => name === "codec");
  if (!hasCodec) {
    // Only one codec was ever written before rows named theirs.
    database.exec(`
      ALTER TABLE facts ADD COLUMN codec INTEGER;
      UPDATE facts SET codec = 1 WHERE coalesce(params, value, error, params_file, value_file, error_file) IS NOT NULL`);
  }
  database.exec(`
    CREATE TABLE IF NOT EXISTS cache (
      identity TEXT PRIMARY KEY, run TEXT NOT NULL, seq INTEGER NOT NULL, at REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS schedules (schedule TEXT PRIMARY KEY, up_to REAL NOT NULL) WITHOUT ROWID`);
  // A failed attempt (kind 7) of the time before steps counted theirs: of what the step took, its own time is known.
  database.exec(`
    UPDATE facts SET meta = json_set(meta, '$.spentMs', max(0, ended_at - started_at))
    WHERE kind = 7 AND json_extract(meta, '$.spentMs') IS NULL`);
}
