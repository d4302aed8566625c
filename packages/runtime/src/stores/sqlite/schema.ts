/** The tables of `state.db`, their version, and nothing that touches them. */

/** Marks the file as ours: "Mlrc" in ASCII. */
export const APPLICATION_ID = 0x4d6c7263;

/** Version of the tables, kept in `user_version`. Every change of them raises it and brings a step in migrations.ts. */
export const SCHEMA_VERSION = 2;

/**
 * - `facts`: one row a fact, written once and never changed. A value stands in its blob column, or, above
 *   INLINE_LIMIT, in a content file that `<column>_file` names as `<sha256>:<bytes>`. Fields without a column of their
 *   own are JSON in `meta`. `codec` is the codec of the row's values, so that old ones are found without reading any.
 * - `runs`: the list of runs, a fold over `facts` written in the same transaction.
 * - `leases`: the newest lease of each run; `engine` is NULL once it was given back, the epoch stays.
 * - `control`: requests to owners, removed when taken.
 * - `cache`: for each identity the fact that has its newest shared result, written in the transaction of that fact.
 * - `schedules`: for each schedule the newest instant that has been dealt with.
 *
 * Text columns may hold a blob, see text-column.ts. Times are ms since 1970.
 */
export const SCHEMA: string = `
CREATE TABLE facts (
  run TEXT NOT NULL, seq INTEGER NOT NULL, epoch INTEGER NOT NULL, kind INTEGER NOT NULL, at REAL NOT NULL,
  key TEXT, site TEXT, node TEXT, body TEXT, task TEXT, identity TEXT,
  state TEXT, source TEXT, cause TEXT, late INTEGER,
  attempts INTEGER, ready_at REAL, started_at REAL, ended_at REAL, meta TEXT, codec INTEGER,
  params BLOB, params_file TEXT, value BLOB, value_file TEXT, error BLOB, error_file TEXT,
  PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, flow TEXT NOT NULL, build TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT, started_at REAL NOT NULL, updated_at REAL NOT NULL, seq INTEGER NOT NULL
);
CREATE TABLE leases (
  run TEXT PRIMARY KEY, epoch INTEGER NOT NULL,
  pid INTEGER, process_start TEXT, boot TEXT, host TEXT, engine TEXT, heartbeat_at REAL
) WITHOUT ROWID;
CREATE TABLE control (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, at REAL NOT NULL
);
CREATE TABLE cache (
  identity TEXT PRIMARY KEY, run TEXT NOT NULL, seq INTEGER NOT NULL, at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE schedules (schedule TEXT PRIMARY KEY, up_to REAL NOT NULL) WITHOUT ROWID;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Tables that a file of ours has. */
export const TABLES = ["facts", "runs", "leases", "control", "cache", "schedules"] as const;
