/**
 * Stores of every older format, as the Millrace of their time left them (`test/fixtures/stores`): one run that succeeded and one
 * whose process was killed. Each is listed, shown and gone on with.
 */
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { openSqliteStore } from "@millrace/runtime";
import { createTestProject, type TestProject } from "@millrace/testing";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./drivers.js";

const FIXTURES = new URL("../fixtures/stores/", import.meta.url);
const FORMATS = readdirSync(FIXTURES).filter((name) => name !== "project");

/**
 * What the tables of each version look like. A version's line is never changed: whoever changes the tables raises SCHEMA_VERSION,
 * adds a step to migrations.ts, a store of the version before to the fixtures, and a line here.
 */
const SHAPES: Readonly<Record<number, string>> = {
  2: "5e1b16815aa7c0f6",
};

/** Definitions of the tables in a file, in an order of their own: what an added column does not change. */
function shapeOf(file: string): { readonly version: number; readonly tables: readonly unknown[] } {
  const database = new Database(file);
  try {
    // Safe, all casts: rows of SQLite's own tables, selected by these names.
    const all = (sql: string): readonly Record<string, unknown>[] =>
      database.prepare(sql).all([]) as readonly Record<string, unknown>[];
    const names = all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map(({ name }) =>
      String(name),
    );
    const tables = names.map((name) => ({
      name,
      rowid: !all(`PRAGMA table_list('${name}')`).some(({ wr }) => wr === 1),
      columns: all(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${name}') ORDER BY name`),
      indexes: all(`SELECT name, "unique", origin FROM pragma_index_list('${name}') ORDER BY name`),
    }));
    return { version: Number(all("PRAGMA user_version")[0]?.user_version), tables };
  } finally {
    database.close();
  }
}

/** A project as it stood when its second run was killed. */
async function projectOf(format: string): Promise<TestProject> {
  const project = await createTestProject({ from: new URL("project", FIXTURES), env: { LEDGER: "ledger" } });
  cpSync(new URL(`${format}/build`, FIXTURES), project.path(".flow", "build"), { recursive: true });
  writeFileSync(
    project.path(".flow", "state.db"),
    gunzipSync(readFileSync(new URL(`${format}/state.db.gz`, FIXTURES))),
  );
  return project;
}

/** That of a store which is made now. */
async function freshShape(): Promise<ReturnType<typeof shapeOf>> {
  const dir = await temporaryFolder();
  await (await openSqliteStore({ dir })).close();
  return shapeOf(`${dir}/state.db`);
}

describe.each(FORMATS)("a store of format %s", (format) => {
  it("is left as it is by the doctor, which names its version", async () => {
    await using project = await projectOf(format);
    const before = readFileSync(project.path(".flow", "state.db"));
    const { checks } = (await project.flow("doctor", "--json")).json<{
      checks: { name: string; finding: string }[];
    }>();
    expect(checks.find(({ name }) => name === "store")?.finding).toMatch(/2 runs, .*version 1, .*up to date/);
    expect(readFileSync(project.path(".flow", "state.db")).equals(before)).toBe(true);
  });

  it("has the tables of a new one once it was opened", async () => {
    await using project = await projectOf(format);
    await (await openSqliteStore({ dir: project.path(".flow") })).close();
    expect(shapeOf(project.path(".flow", "state.db"))).toEqual(await freshShape());
  });

  it("lists and shows its runs, and goes on with the killed one where it was", async () => {
    await using project = await projectOf(format);
    await project.build();
    const runs = await project.flow("runs", "--json");
    expect(runs.json()).toMatchObject([
      { id: "run-cut", flow: "Ledger", state: "running" },
      { id: "run-whole", flow: "Ledger", state: "succeeded" },
    ]);
    const whole = await project.flow("show", "run-whole", "--json");
    expect(whole.json()).toMatchObject({
      run: { params: { year: 1999 }, totals: { total: 10, succeeded: 10 } },
      steps: expect.arrayContaining([
        expect.objectContaining({ task: "Note", params: { text: "flaky" }, attempts: 2 }),
      ]),
    });
    const resumed = await project.flow("resume", "run-cut", "--code", "recorded", "--json");
    expect(resumed.json()).toMatchObject({
      status: "succeeded",
      steps: { total: 10, restored: 8 },
      result: ["opened 1999", "flaky", "item 1", "item 2", "item 3", "page 1", "page 2", "passed", "closed"],
    });
    expect(project.read("ledger")).toBe("closed\n");
  });
});

it("has a pinned shape and an example of every older version", async () => {
  const { version, tables } = await freshShape();
  expect(createHash("sha256").update(JSON.stringify(tables)).digest("hex").slice(0, 16)).toBe(SHAPES[version]);
  const versions = new Set(FORMATS.map((name) => Number(name.split("-", 1)[0])));
  expect([...versions].sort()).toEqual(Array.from({ length: version - 1 }, (_, i) => i + 1));
});
