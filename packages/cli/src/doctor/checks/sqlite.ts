/** SQLite: a library loads, and a database beside the project's is durable. */
import { reached } from "../attempt.js";
import { type Check, failure, ok, problem } from "../check.js";

/** `PRAGMA synchronous` of FULL. */
const FULL = 2;

export const sqlite: Check = (site) => {
  const project = reached(site.project);
  // Where nothing can be written, another check says so.
  if (project === undefined || project.disk.status === "rejected") return undefined;
  if (project.database.status === "rejected") return failure(project.database.reason);
  const { driver, sqlite: version, journalMode, synchronous } = project.database.value;
  const library = driver === "node" ? "node:sqlite" : driver;
  if (journalMode !== "wal" || synchronous !== FULL) {
    return problem(
      `${library} (SQLite ${version}) opens databases with journal_mode ${journalMode} and synchronous ${synchronous} here`,
      'The file system lacks what SQLite needs: name a folder on a local disk with "millrace": { "stateDir": "…" }.',
    );
  }
  return ok(`${library}, SQLite ${version}; a database here has WAL and synchronous FULL`);
};
