/**
 * SQLite through `libsql`, for Node 20 alone, which has no `node:sqlite`. Goes, with its dependency, when the floor is
 * raised to Node 22. Its traps are kept inside: values are bound as one array (a lone Buffer or a boolean aborts the
 * process), `get` is not used (its rows carry a `_metadata` of their own).
 */
import type Libsql from "libsql";
import { installedPackage } from "../../loading/installed-package.js";
import type { Database, Driver, SqlRow, SqlValue, Statement } from "./driver.js";
import { SqlFailure } from "./driver.js";

/** Loads the library. @throws an error of the module loader where it is not installed; MillraceError `engine-bundled`. */
export function libsqlDriver(): Driver {
  // Safe: the package's own types; its CommonJS export is the class itself. A bundle cannot hold its native code.
  const Connection = installedPackage().require("libsql") as typeof Libsql;
  return {
    name: "libsql",
    open(file, busyTimeoutMs) {
      const connection = guarded(() => new Connection(file, { timeout: busyTimeoutMs }));
      const opened: Database = {
        exec: (sql) => guarded(() => void connection.exec(sql)),
        prepare: (sql) => statement(guarded(() => connection.prepare<unknown[]>(sql))),
        close: () => guarded(() => closeWhole(connection)),
      };
      return opened;
    },
  };
}

/**
 * Closes after moving the -wal into the file. SQLite does that when it closes, but the library closes only when the last
 * statement was collected, maybe never. A reader elsewhere is not waited for: then the -wal stays, as after a crash.
 */
function closeWhole(connection: Libsql.Database): void {
  try {
    connection.exec("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // A damaged file, or a full disk: what is in the -wal stays there.
  }
  connection.close();
}

function statement(prepared: Libsql.Statement<unknown[]>): Statement {
  return {
    run: (values) => guarded(() => prepared.run(bindable(values)).changes),
    all: (values) => guarded(() => withViews(prepared.all(bindable(values)))),
    lists: (values) => guarded(() => listsOf(prepared, values)),
  };
}

function listsOf(prepared: Libsql.Statement<unknown[]>, values: readonly SqlValue[]): (readonly SqlValue[])[] {
  prepared.raw(true);
  try {
    // Safe: in this mode a row is the list of what its columns hold, see withViews.
    const rows = prepared.all(bindable(values)) as (SqlValue | ArrayBuffer)[][];
    for (const row of rows) {
      for (let i = 0; i < row.length; i++) {
        const value = row[i];
        if (value instanceof ArrayBuffer) row[i] = new Uint8Array(value);
      }
    }
    return rows as SqlValue[][];
  } finally {
    prepared.raw(false);
  }
}

/** The rows with views for blobs: `all` brings bare ArrayBuffers. The rows are nobody else's yet, so they are changed in place. */
function withViews(rows: readonly unknown[]): readonly SqlRow[] {
  // Safe, both casts: the columns of a row hold what SQLite can store, blobs as said above.
  for (const row of rows as readonly Record<string, SqlValue | ArrayBuffer>[]) {
    for (const name in row) {
      const value = row[name];
      if (value instanceof ArrayBuffer) row[name] = new Uint8Array(value);
    }
  }
  return rows as readonly SqlRow[];
}

/** The array itself. A value of another type would end the process, so it is refused here, even if a cast let it in. */
function bindable(values: readonly SqlValue[]): unknown[] {
  for (const value of values) {
    const type = typeof value;
    if (type === "number" || type === "string" || type === "bigint" || value === null) continue;
    if (value instanceof Uint8Array) continue;
    throw new TypeError(`A value of type ${type} cannot be bound.`);
  }
  // Safe: libsql only reads it.
  return values as unknown[];
}

function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { rawCode, message } = error as { readonly rawCode?: number; readonly message?: string };
    // A file that cannot be opened has its code in the text only.
    const code = rawCode ?? Number(/: (\d+)"?\)$/.exec(message ?? "")?.[1] ?? 0);
    throw new SqlFailure(code, error);
  }
}
