/**
 * Opens `<dir>/state.db`: makes the folder, chooses the driver, looks whether the file is ours and whole, sets what must
 * be set at every open. A damaged file is moved aside, never deleted.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Clock, STATE_PATHS, stateDirUnusable, systemClock } from "@millrace/core";
import { chooseDriver } from "./choose-driver.js";
import { ContentFiles } from "./content-files.js";
import { type Database, type Driver, type DriverName, SQL_RESULT, SqlFailure } from "./driver.js";
import { refuseNetworkFileSystem } from "./network-file-system.js";
import { prepareSchema } from "./prepare-schema.js";
import { TABLES } from "./schema.js";
import { setAside } from "./set-aside.js";
import { describeFailure, isDamage } from "./sqlite-errors.js";
import { SqliteStore } from "./sqlite-store.js";

/** How a store is opened. */
export interface SqliteStoreOptions {
  /** The project's output folder, `.flow`; made if it is missing. */
  readonly dir: string;
  /** Source of time for leases. */
  readonly clock?: Clock;
  /** Default: `node` where Node has `node:sqlite` without a flag, else `libsql`. */
  readonly driver?: DriverName;
}

/** ms that a statement waits for another process's transaction. */
export const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens or creates the store of a project.
 * @throws MillraceError `state-dir-unusable`, `store-unusable`, `store-too-new`, or `store-corrupt` (data.keptAs: where
 * the damaged file now is; the next open starts an empty store).
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const dir = resolve(options.dir);
  const clock = options.clock ?? systemClock;
  makeFolder(dir);
  refuseNetworkFileSystem(dir);
  const file = join(dir, STATE_PATHS.database);
  const driver = chooseDriver(options.driver, file);
  const content = new ContentFiles(join(dir, STATE_PATHS.content));
  const since = performance.now();
  for (;;) {
    try {
      const database = openDatabase({ driver, file, clock });
      return new SqliteStore({ file, driver: driver.name, database, content, clock });
    } catch (error) {
      // Two processes that create the file at once: SQLite does not wait while the journal mode changes.
      const busy = error instanceof SqlFailure && error.result === SQL_RESULT.busy;
      // For other locks it has waited already, each time.
      if (!busy || performance.now() - since >= BUSY_TIMEOUT_MS) throw describeFailure(error, file);
      await pause(20);
    }
  }
}

/** Opens the file and prepares it. @throws SqlFailure, or a MillraceError about the file as a whole. */
export function openDatabase(parts: {
  readonly driver: Driver;
  readonly file: string;
  readonly clock: Clock;
}): Database {
  const { driver, file, clock } = parts;
  const database = driver.open(file, BUSY_TIMEOUT_MS);
  try {
    probe(database);
    prepareSchema(database, file);
    return database;
  } catch (error) {
    if (isDamage(error)) throw setAside({ file, database, clock, cause: error });
    database.close();
    throw error;
  }
}

/** Touches the header and the root of every table. `exec` alone, since a libsql file stays open for its statements. */
function probe(database: Database): void {
  database.exec("SELECT count(*) FROM sqlite_master");
  for (const table of TABLES) {
    try {
      database.exec(`SELECT 1 FROM ${table} LIMIT 1`);
    } catch (error) {
      // No such table: a new file, or one of somebody else's.
      if (!(error instanceof SqlFailure) || error.result !== SQL_RESULT.error) throw error;
    }
  }
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (cause) {
    throw stateDirUnusable(dir, cause);
  }
}
