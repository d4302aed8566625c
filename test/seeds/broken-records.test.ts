/** Spoilt records of a project: each is a good one with one seeded mistake. Every one is refused with its place, and stays as it is. */
import { type Diagnostic, isMillraceError } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { type RecordedProject, type RecordedTask, readProject, writeProject } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles } from "./broken-files.js";
import { jobProject } from "./job-project.js";
import { RECORD_MUTATORS } from "./record-mutators.js";

const RECORDS = 81;
const RECORD = ".flow/project.yaml";

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
});
afterAll(() => project.remove());

interface Issue {
  readonly path: string;
  readonly message: string;
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/** What is wrong with the record, as diagnostics: of each place the rest of its line. */
async function findings(): Promise<readonly Diagnostic[]> {
  const text = project.read(RECORD);
  try {
    readProject(text, RECORD);
    return [];
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    const { issues } = error.data as { readonly issues: readonly Issue[] };
    return issues.map(({ path, message, place: { file, line, column } }) => {
      const span = { file, line, column, endLine: line, endColumn: (text.split("\n")[line - 1]?.length ?? 0) + 1 };
      return { code: "job-invalid", severity: "error", message: `${path} ${message}`, span, related: [], data: {} };
    });
  }
}

const task = (name: string, more: Omit<RecordedTask, "name" | "source" | "identity">): RecordedTask => ({
  name,
  source: "lines.yaml",
  identity: "of-its-directives",
  ...more,
});
const DONE: RecordedProject = {
  run: "project-1",
  pipelines: [{ source: "lines.yaml", name: "lines", version: "1.2.0" }],
  tasks: [
    task("fetch", {
      state: "complete",
      directives: { cmd: "printf 'a: b' > lines.txt", output: "lines.txt", retry: 2, mem: "64M" },
      outcome: {
        code: 0,
        attempts: 1,
        tries: [{ run: "project-1", startedAt: 1_000, endedAt: 2_000, code: 0 }],
        startedAt: 1_000,
        endedAt: 2_000,
      },
    }),
    task("count", {
      state: "failed",
      directives: { cmd: "wc -l < lines.txt", input: "lines.txt" },
      outcome: {
        code: 3,
        error: "The command of count ended with code 3.",
        attempts: 2,
        startedAt: 2_000,
        endedAt: 3_000,
      },
    }),
    task("report", { state: "pending", directives: { cmd: "echo done", after: "count" }, spent: 1 }),
    task("left", { state: "orphaned", was: "new", directives: { cmd: "echo left" } }),
  ],
  history: [{ ...task("gone", { state: "orphaned", was: "complete", directives: { cmd: "true" } }), reason: "pruned" }],
};

test("the good record is good", async () => {
  project.write(RECORD, writeProject(DONE));
  expect(await findings()).toEqual([]);
  expect((await project.flow("tasks")).code).toBe(0);
});

test(`${RECORDS} spoilt records are refused, at the mistake, and stay as they are`, { timeout: 300_000 }, () =>
  breakFiles({
    project,
    files: [RECORD],
    command: ["tasks", "project"],
    mutators: RECORD_MUTATORS,
    seeds: RECORDS,
    findings,
    follows: true,
  }),
);
