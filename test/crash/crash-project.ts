/** The project of this folder, compiled, and what its runs leave: the record of a run, and the lines that its steps wrote. */
import { existsSync } from "node:fs";
import type { Fact, RunId } from "@millrace/core";
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

/** All facts of a run, their values as bytes in base64. */
export async function factsOf(project: TestProject, run: string): Promise<readonly object[]> {
  const store = await openSqliteStore({ dir: project.path(".flow") });
  try {
    const facts: object[] = [];
    // Safe: the tests give well-formed ids.
    for await (const fact of store.read(run as RunId)) facts.push(plain(fact));
    return facts;
  } finally {
    await store.close();
  }
}

/** SQLite's own verdict on a database file: "ok", or what is wrong. */
export function integrityOf(file: string): string {
  const database = new Database(file);
  try {
    // One row, one column.
    return String(Object.values(database.prepare("PRAGMA integrity_check").get([]) as Record<string, unknown>)[0]);
  } finally {
    database.close();
  }
}

function plain(fact: Fact): object {
  const read = (value: unknown): unknown =>
    typeof value === "object" && value !== null && "read" in value
      ? Buffer.from((value as { read(): Uint8Array }).read()).toString("base64")
      : value;
  return Object.fromEntries(Object.entries(fact).map(([name, value]) => [name, read(value)]));
}
