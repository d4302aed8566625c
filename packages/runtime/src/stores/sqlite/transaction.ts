/** Write transactions: all of a function's statements, or none. */
import type { Database } from "./driver.js";

/** Runs functions in transactions of one database. */
export type Transact = <T>(action: () => T) => T;

/** Prepares the three statements once. */
export function transactions(database: Database): Transact {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  return (action) => {
    // IMMEDIATE takes the write lock at once: what is read inside cannot be outdated by the time of the write.
    begin.run([]);
    try {
      const result = action();
      commit.run([]);
      return result;
    } catch (error) {
      rollback(database);
      throw error;
    }
  };
}

function rollback(database: Database): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // A full disk makes SQLite roll back by itself; then there is nothing left to do, and the cause is thrown anyway.
  }
}
