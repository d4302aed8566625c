/** SQLite through `node:sqlite`: what every Node from 22.13 on brings along. */
import type { Database, Driver, SqlRow, SqlValue, Statement } from "./driver.js";
import { SqlFailure } from "./driver.js";

/** The part of `node:sqlite` that is used here; the types of the oldest supported Node do not know the module. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    file: string,
  ) => { exec(sql: string): void; prepare(sql: string): NodeStatement; close(): void };
}

interface NodeStatement {
  run(...values: readonly unknown[]): { readonly changes: number | bigint };
  all(...values: readonly unknown[]): SqlRow[];
}

/** The driver; undefined where this Node has no `node:sqlite` without a flag. */
export function nodeDriver(): Driver | undefined {
  const sqlite = loadQuietly();
  if (sqlite === undefined) return undefined;
  return {
    name: "node",
    open(file, busyTimeoutMs) {
      const database = guarded(() => new sqlite.DatabaseSync(file));
      const opened: Database = {
        exec: (sql) => guarded(() => database.exec(sql)),
        prepare: (sql) => statement(guarded(() => database.prepare(sql))),
        close: () => guarded(() => database.close()),
      };
      opened.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      return opened;
    },
  };
}

/** Node 22 warns that the module is experimental when it is loaded; that one warning is dropped, and no other. */
function loadQuietly(): NodeSqlite | undefined {
  const emitWarning = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).startsWith("SQLite is an experimental feature")) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    // Safe: a built-in module, and NodeSqlite declares only what its documentation promises.
    return process.getBuiltinModule("node:sqlite") as NodeSqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function statement(prepared: NodeStatement): Statement {
  return {
    run: (values) => guarded(() => Number(prepared.run(...values.map(bindable)).changes)),
    all: (values) => guarded(() => prepared.all(...values.map(bindable))),
    lists: (values) => guarded(() => prepared.all(...values.map(bindable)).map((row) => Object.values(row))),
  };
}

/** Node 22 binds empty bytes as NULL unless they lie somewhere in memory; these do. */
const EMPTY = Buffer.alloc(1).subarray(0, 0);

function bindable(value: SqlValue): SqlValue {
  return value instanceof Uint8Array && value.byteLength === 0 ? EMPTY : value;
}

function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { errcode } = error as { readonly errcode?: number };
    throw new SqlFailure(errcode ?? 0, error);
  }
}
