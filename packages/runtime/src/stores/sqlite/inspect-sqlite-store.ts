/**
 * Looks at a project's store without changing a byte of it: no table is made, no damaged file moved, no -wal merged.
 * For `flow doctor`; whoever wants to read runs opens the store instead.
 */
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type RunId, type RunSummary, STATE_PATHS, systemClock } from "@millrace/core";
import { chooseDriver } from "./choose-driver.js";
import { type Database, type Driver, SQL_RESULT, SqlFailure, type SqlRow } from "./driver.js";
import { type ContentInspection, inspectContent, type NamedContent } from "./inspect-content.js";
import { LeaseTable } from "./lease-table.js";
import { BUSY_TIMEOUT_MS } from "./open-sqlite-store.js";
import { versionOf } from "./prepare-schema.js";
import { listRuns } from "./run-list.js";
import { RunTable } from "./run-table.js";
import { SCHEMA_VERSION } from "./schema.js";
import { describeFailure } from "./sqlite-errors.js";

/** `node:sqlite` of Node 22.13 and 22.14 takes a URI for a path. Goes when the floor is raised above them. */
const NODE_OPENS_URIS = !/^22\.1[34]\./.test(process.versions.node);

/** What a store holds. */
export interface StoreInspection {
  /** Absolute path of the database. */
  readonly file: string;
  /** Version of its tables. */
  readonly version: number;
  /** Whether the next command that opens it brings the tables to a newer version. */
  readonly outdated: boolean;
  /** Bytes of the database and of its -wal. */
  readonly bytes: number;
  /** Newest first, with their living owners. */
  readonly runs: readonly RunSummary[];
  /** Newest time on record, ms since 1970; undefined if nothing is. */
  readonly newestAt: number | undefined;
  readonly content: ContentInspection;
}

/**
 * Checks the whole database and compares the content files with the rows that name them. Undefined if nothing has run.
 * @param dir The output folder.
 * @throws MillraceError `store-corrupt`, `store-too-new`, `store-unusable`.
 */
export async function inspectSqliteStore(dir: string): Promise<StoreInspection | undefined> {
  const file = join(resolve(dir), STATE_PATHS.database);
  if (!existsSync(file)) return undefined;
  const driver = chooseDriver(NODE_OPENS_URIS ? undefined : "libsql", file);
  // Even a reader makes a -wal where there is none, unless the file is said to be nobody's at the moment.
  const inUse = (): boolean => existsSync(`${file}-wal`);
  const quiet = !inUse();
  const [found] = await Promise.allSettled([look(driver, file, quiet ? "immutable=1" : "mode=ro")]);
  // Somebody has begun to write meanwhile: what was seen may be torn.
  if (quiet && inUse()) return look(driver, file, "mode=ro");
  if (found.status === "rejected") throw found.reason;
  return found.value;
}

async function look(driver: Driver, file: string, how: string): Promise<StoreInspection | undefined> {
  let database: Database | undefined;
  try {
    database = driver.open(`${pathToFileURL(file).href}?${how}`, BUSY_TIMEOUT_MS);
    const version = versionOf(database, file);
    if (version === 0) return undefined;
    checkPages(database);
    const folder = join(dirname(file), STATE_PATHS.content);
    // Only tables that every version has: an older file is looked at as it is.
    const tables = { runs: new RunTable(database), leases: new LeaseTable(database, systemClock) };
    return {
      file,
      version,
      outdated: version < SCHEMA_VERSION,
      bytes: sizeOf(file) + sizeOf(`${file}-wal`),
      runs: listRuns(tables),
      newestAt: newestTime(database),
      content: await inspectContent(folder, namedContent(database)),
    };
  } catch (error) {
    throw describeFailure(error, file);
  } finally {
    database?.close();
  }
}

function checkPages(database: Database): void {
  const rows = database.prepare("PRAGMA quick_check(3)").all([]);
  const complaints = rows.flatMap((row) => Object.values(row).map(String)).filter((text) => text !== "ok");
  if (complaints.length > 0) throw new SqlFailure(SQL_RESULT.corrupt, complaints.join("; "));
}

function newestTime(database: Database): number | undefined {
  const [row] = database
    .prepare(
      "SELECT max(at) AS newest FROM (SELECT updated_at AS at FROM runs UNION ALL SELECT heartbeat_at FROM leases)",
    )
    .all([]);
  return typeof row?.newest === "number" ? row.newest : undefined;
}

function namedContent(database: Database): readonly NamedContent[] {
  const columns = ["params_file", "value_file", "error_file"];
  const selects = columns.map((name) => `SELECT run, ${name} AS reference FROM facts WHERE ${name} IS NOT NULL`);
  // Safe, both casts: the store writes run ids and references into these columns.
  return database
    .prepare(selects.join(" UNION "))
    .all([])
    .map((row: SqlRow) => ({ run: row.run as RunId, reference: row.reference as string }));
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
