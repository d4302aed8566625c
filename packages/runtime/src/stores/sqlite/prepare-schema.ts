/** Makes an open file ready: checks whose it is, sets what SQLite forgets between opens, brings its tables to the present format. */
import { bug, MillraceError } from "@millrace/core";
import type { Database } from "./driver.js";
import { MIGRATIONS } from "./migrations.js";
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from "./schema.js";
import { storeUnusable } from "./sqlite-errors.js";
import { transactions } from "./transaction.js";

/**
 * Makes it ready. What fails in the middle leaves the file in the format that it had, or in one between.
 * @throws MillraceError `store-too-new`, `store-unusable`; then nothing was changed.
 */
export function prepareSchema(database: Database, file: string): void {
  let version = versionOf(database, file);
  database.exec("PRAGMA journal_mode = WAL");
  // SQLite keeps the journal mode in the file, but forgets this one: a file in WAL mode opens with NORMAL elsewhere.
  database.exec("PRAGMA synchronous = FULL");
  if (number(database, "PRAGMA synchronous") !== 2) {
    throw storeUnusable(`The run database "${file}" does not accept synchronous = FULL.`, {
      file,
      hint: "Use the SQLite of Node or libsql as they are published.",
    });
  }
  while (version < SCHEMA_VERSION) version = transactions(database)(() => advance(database, file));
}

/** Version of the file's tables; 0 if the file is new. @throws MillraceError `store-too-new`, `store-unusable`. */
export function versionOf(database: Database, file: string): number {
  // Tables first: another process may create them between two of these, and whoever sees its tables sees its marks.
  const tables = number(database, "SELECT count(*) FROM sqlite_master");
  const application = number(database, "PRAGMA application_id");
  const version = number(database, "PRAGMA user_version");
  if (application === 0 && tables === 0) return 0;
  if (application !== APPLICATION_ID) {
    throw storeUnusable(`"${file}" is a database of another program.`, {
      file,
      hint: "Move it away, or choose another output folder.",
    });
  }
  if (version > SCHEMA_VERSION) {
    throw new MillraceError(
      "store-too-new",
      `The run database "${file}" has version ${version}; this Millrace knows versions up to ${SCHEMA_VERSION}.`,
      {
        hint: "Install the Millrace that wrote it, or a newer one. The file was not touched.",
        data: { file, version, supported: SCHEMA_VERSION },
      },
    );
  }
  return version;
}

/** One step towards the present format; the version after it. A new file gets the tables of the present at once. */
function advance(database: Database, file: string): number {
  // Another process may have been here since.
  const version = versionOf(database, file);
  if (version === SCHEMA_VERSION) return version;
  if (version === 0) {
    database.exec(SCHEMA);
    return SCHEMA_VERSION;
  }
  const migrate = MIGRATIONS[version - 1];
  if (migrate === undefined) throw bug(`no step leads on from version ${version} of "${file}"`, { file, version });
  migrate(database);
  database.exec(`PRAGMA user_version = ${version + 1}`);
  return version + 1;
}

function number(database: Database, sql: string): number {
  return Number(Object.values(database.prepare(sql).all([])[0] ?? {})[0]);
}
