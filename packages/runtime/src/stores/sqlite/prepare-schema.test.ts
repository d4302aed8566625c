/** Two processes that create one file at once: whenever the other gets in between, both have the same store. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { chooseDriver } from "./choose-driver.js";
import type { Database } from "./driver.js";
import { prepareSchema, versionOf } from "./prepare-schema.js";
import { SCHEMA_VERSION } from "./schema.js";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The same database, with an action before its `at`th statement. */
function interrupted(
  database: Database,
  at: number,
  action: () => void,
): { readonly database: Database; count(): number } {
  let statements = 0;
  const step = (): void => {
    if (statements++ === at) action();
  };
  return {
    count: () => statements,
    database: {
      exec: (sql) => {
        step();
        database.exec(sql);
      },
      prepare: (sql) => {
        const statement = database.prepare(sql);
        return {
          run: (values) => {
            step();
            return statement.run(values);
          },
          all: (values) => {
            step();
            return statement.all(values);
          },
          lists: (values) => {
            step();
            return statement.lists(values);
          },
        };
      },
      close: () => database.close(),
    },
  };
}

/** Opens a new file twice, the second before the first one's `at`th statement; how many statements the first ran. */
function openTwice(at: number): number {
  const folder = mkdtempSync(join(tmpdir(), "millrace-schema-"));
  folders.push(folder);
  const file = join(folder, "state.db");
  const driver = chooseDriver(undefined, file);
  const [first, second] = [driver.open(file, 0), driver.open(file, 0)];
  const between = interrupted(first, at, () => prepareSchema(second, file));
  prepareSchema(between.database, file);
  expect(versionOf(first, file)).toBe(SCHEMA_VERSION);
  first.close();
  second.close();
  return between.count();
}

it("holds between any two statements outside the transaction", () => {
  const alone = openTwice(Number.POSITIVE_INFINITY);
  const transaction = 6; // BEGIN, three questions, the tables, COMMIT: the other would have to wait there
  expect(alone).toBeGreaterThan(transaction);
  for (let at = 0; at <= alone - transaction; at++) openTwice(at);
});
