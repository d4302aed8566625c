/** The project of this folder, compiled, and what its runs leave: the record of a run, and the lines that its steps wrote. */
import { existsSync } from "node:fs";
import { bytesInMemory, type Fact, isMillraceError, type RunId, type StoredBytes } from "@millrace/core";
import { openSqliteStore } from "@millrace/runtime";
import { createTestProject, type TestProject } from "@millrace/testing";
import Database from "libsql";

/** Where the steps write that they ran, as CRASH_JOURNAL says. */
export const JOURNAL = "journal";

/** Compiles the project; its steps write to a journal in its folder. */
export async function crashProject(): Promise<TestProject> {
  const project = await createTestProject({
    from: new URL("project", import.meta.url),
    env: { CRASH_JOURNAL: JOURNAL },
  });
  const { diagnostics, manifest } = await project.build();
  if (!manifest) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return project;
}

/** Lines that steps wrote while they ran, in order. */
export function journal(project: TestProject): readonly string[] {
  return existsSync(project.path(JOURNAL)) ? project.read(JOURNAL).split("\n").filter(Boolean) : [];
}

/** All facts of a run, their values in memory; none if there is no such run. */
export async function readFacts(project: TestProject, run: string): Promise<readonly Fact[]> {
  const store = await openSqliteStore({ dir: project.path(".flow") });
  try {
    const facts: Fact[] = [];
    // Safe: the tests give well-formed ids.
    for await (const fact of store.read(run as RunId)) facts.push(mapValues(fact, bytesInMemory) as Fact);
    return facts;
  } catch (error) {
    if (isMillraceError(error) && error.code === "unknown-run") return [];
    throw error;
  } finally {
    await store.close();
  }
}

/** All facts of a run, their values as bytes in base64. */
export async function factsOf(project: TestProject, run: string): Promise<readonly object[]> {
  return (await readFacts(project, run)).map(plain);
}

/**
 * SQLite's own verdict on a database file: "ok", or what is wrong. By the library that the store uses here: the locks of one process are taken away by whichever
 * library closes the file first, and what another one still holds open is then torn under it.
 */
export function integrityOf(file: string): string {
  const { DatabaseSync } = (process.getBuiltinModule("node:sqlite") ?? {}) as {
    DatabaseSync?: new (file: string) => Checked;
  };
  const database: Checked = DatabaseSync ? new DatabaseSync(file) : new Database(file);
  try {
    // One row, one column.
    return String(Object.values(database.prepare("PRAGMA integrity_check").all()[0] as object)[0]);
  } finally {
    database.close();
  }
}

/** What both libraries have. */
interface Checked {
  prepare(sql: string): { all(): unknown[] };
  close(): void;
}

/** A fact, its values as bytes in base64. */
export function plain(fact: Fact): object {
  return mapValues(fact, (bytes) => Buffer.from(bytes).toString("base64"));
}

function mapValues(fact: Fact, map: (bytes: Uint8Array) => unknown): object {
  const read = (value: unknown): unknown =>
    typeof value === "object" && value !== null && "read" in value ? map((value as StoredBytes).read()) : value;
  return Object.fromEntries(Object.entries(fact).map(([name, value]) => [name, read(value)]));
}
