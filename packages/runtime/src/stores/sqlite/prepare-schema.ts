/** Makes an open file ready: checks whose it is, sets what SQLite forgets between opens, creates the tables once. */
import { MillraceError } from "@millrace/core";
import type { Database } from "./driver.js";
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from "./schema.js";
import { storeUnusable } from "./sqlite-errors.js";
import { transactions } from "./transaction.js";

/** Makes it ready. @throws MillraceError `store-too-new`, `store-unusable`; then nothing was changed. */
export function prepareSchema(database: Database, file: string): void {
  const isNew = checkOwner(database, file);
  database.exec("PRAGMA journal_mode = WAL");
  // SQLite keeps the journal mode in the file, but forgets this one: a file in WAL mode opens with NORMAL elsewhere.
  database.exec("PRAGMA synchronous = FULL");
  if (number(database, "PRAGMA synchronous") !== 2) {
    throw storeUnusable(`The run database "${file}" does not accept synchronous = FULL.`, {
      file,
      hint: "Use the SQLite of Node or libsql as they are published.",
    });
  }
  if (!isNew) return;
  transactions(database)(() => {
    // Another process may have created them since.
    if (checkOwner(database, file)) database.exec(SCHEMA);
  });
}

/** True if the file is new; false if it is ours. @throws MillraceError `store-too-new`, `store-unusable`. */
export function checkOwner(database: Database, file: string): boolean {
  // Tables first: another process may create them between two of these, and whoever sees its tables sees its marks.
  const tables = number(database, "SELECT count(*) FROM sqlite_master");
  const application = number(database, "PRAGMA application_id");
  const version = number(database, "PRAGMA user_version");
  if (application === 0 && tables === 0) return true;
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
  return false;
}

function number(database: Database, sql: string): number {
  return Number(Object.values(database.prepare(sql).all([])[0] ?? {})[0]);
}
