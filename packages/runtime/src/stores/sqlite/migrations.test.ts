/** Steps between formats: whenever the process ends in one, the file is as it was before it or after it. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { chooseDriver } from "./choose-driver.js";
import type { Database } from "./driver.js";
import { MIGRATIONS } from "./migrations.js";
import { prepareSchema, versionOf } from "./prepare-schema.js";
import { SCHEMA_VERSION, TABLES } from "./schema.js";

/** The oldest file there is: every step has something to do in it. */
const OLDEST = new URL("../../../../../test/fixtures/stores/1-first/state.db.gz", import.meta.url);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-migrations-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database that does something before each of its statements. */
function observed(database: Database, before: () => void): Database {
  return {
    exec: (sql) => {
      // Statement by statement, so that the file is seen between any two.
      for (const one of sql.split(";")) {
        before();
        database.exec(one);
      }
    },
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return {
        run: (values) => {
          before();
          return statement.run(values);
        },
        all: (values) => statement.all(values),
        lists: (values) => statement.lists(values),
      };
    },
    close: () => database.close(),
  };
}

function oldest(): { readonly file: string; readonly database: Database } {
  const file = join(folder, "state.db");
  writeFileSync(file, gunzipSync(readFileSync(OLDEST)));
  return { file, database: chooseDriver(undefined, file).open(file, 0) };
}

/** Version, definition of every table, and every row. */
function contents(database: Database, file: string): unknown {
  const tables = database.prepare("SELECT name, sql FROM sqlite_master ORDER BY name").all([]);
  const rows = TABLES.filter((table) => tables.some(({ name }) => name === table)).map((table) =>
    database.prepare(`SELECT * FROM ${table}`).all([]),
  );
  return { version: versionOf(database, file), tables, rows };
}

it("leave a file of one version or the next, wherever the process is killed", () => {
  const { file, database } = oldest();
  const before = contents(database, file);
  // What lies on the disk at a moment is what a killed process leaves.
  let moments = 0;
  const copy = (): void => {
    for (const suffix of ["", "-wal"]) {
      if (existsSync(file + suffix)) copyFileSync(file + suffix, join(folder, `killed-${moments}.db${suffix}`));
    }
    moments++;
  };
  prepareSchema(observed(database, copy), file);
  copy();
  const after = contents(database, file);
  database.close();
  expect(after).not.toEqual(before);
  expect(moments).toBeGreaterThan(8);

  const found = Array.from({ length: moments }, (_, moment) => {
    const left = join(folder, `killed-${moment}.db`);
    const opened = chooseDriver(undefined, left).open(left, 0);
    const standing = contents(opened, left);
    prepareSchema(opened, left);
    expect(contents(opened, left), `killed at ${moment}, opened again`).toEqual(after);
    opened.close();
    return standing;
  });
  for (const standing of found) expect([before, after]).toContainEqual(standing);
  expect(found.at(-1)).toEqual(after);
});

it("change nothing if one fails, and can be tried again", () => {
  const { file, database } = oldest();
  const before = contents(database, file);
  database.close();
  let failing = 0;
  for (let isDone = false; !isDone; failing++) {
    const each = oldest();
    let statements = 0;
    const fail = (): void => {
      if (statements++ === failing) throw new Error("no room");
    };
    try {
      prepareSchema(observed(each.database, fail), each.file);
      isDone = true;
    } catch {
      expect(contents(each.database, each.file)).toEqual(before);
    }
    expect(versionOf(each.database, each.file)).toBe(isDone ? SCHEMA_VERSION : 1);
    each.database.close();
  }
  expect(failing).toBeGreaterThan(8);
});

it("lead from every older version to the present one", () => {
  expect(MIGRATIONS.length).toBe(SCHEMA_VERSION - 1);
});
