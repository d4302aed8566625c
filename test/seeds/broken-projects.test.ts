/** Broken sources and records of a project: each is a good one with one seeded mistake. Every one is refused before anything starts, and the project stays as it is. */
import { existsSync } from "node:fs";
import { type Diagnostic, isMillraceError } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { buildTasks, type RecordedProject, type RecordedTask, readProject, writeProject } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles } from "./broken-files.js";
import { jobProject } from "./job-project.js";
import { PROJECT_MUTATORS } from "./project-mutators.js";
import { RECORD_MUTATORS } from "./record-mutators.js";

const SOURCES = 63;
const RECORDS = 81;
const FILE = "lines.yaml";
const RECORD = ".flow/project.yaml";

const GOOD = `# Lines of a file.
- name: fetch
  cmd: "printf 'a\\\\nb\\\\n' > lines.txt"
  output: lines.txt
  retry: 2
- name: count
  cmd: wc -l < lines.txt
  input: lines.txt
  cpus: 1
  mem: 64M
- name: report
  cmd: echo done
  after: count
  reset: parents
  timeout: 30s
- name: notes
  cmd: echo noted
  after-re: "co.*"
- name: first
  cmd: echo first
  before: report
`;

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
  project.write(FILE, GOOD);
});
afterAll(() => project.remove());

interface Issue {
  readonly path: string;
  readonly message: string;
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
}

/** What is wrong with a file, as diagnostics: of each place the rest of its line. */
async function findingsIn(of: string, read: (text: string) => unknown): Promise<readonly Diagnostic[]> {
  const text = project.read(of);
  try {
    read(text);
    return [];
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    const { issues } = error.data as { readonly issues: readonly Issue[] };
    return issues.map(({ path, message, place = { file: of, line: 1, column: 1 } }) => {
      const { file, line, column } = place;
      const span = { file, line, column, endLine: line, endColumn: (text.split("\n")[line - 1]?.length ?? 0) + 1 };
      return { code: "job-invalid", severity: "error", message: `${path} ${message}`, span, related: [], data: {} };
    });
  }
}

const findings = (): Promise<readonly Diagnostic[]> => findingsIn(FILE, (text) => buildTasks(text, { file: FILE }));

test("the good source is good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${SOURCES} broken sources are refused, at the mistake`, { timeout: 300_000 }, async () => {
  await breakFiles({
    project,
    files: [FILE],
    command: ["project", "run", FILE],
    mutators: PROJECT_MUTATORS,
    seeds: SOURCES,
    findings,
    follows: true,
  });
  expect(existsSync(project.path(".flow/project.yaml"))).toBe(false);
});

const task = (name: string, more: Omit<RecordedTask, "name" | "source" | "identity">): RecordedTask => ({
  name,
  source: FILE,
  identity: "of-its-directives",
  ...more,
});
const DONE: RecordedProject = {
  run: "project-1",
  tasks: [
    task("fetch", {
      state: "complete",
      directives: { cmd: "printf 'a: b' > lines.txt", output: "lines.txt", retry: 2, mem: "64M" },
      outcome: { code: 0, attempts: 1, startedAt: 1_000, endedAt: 2_000 },
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

const findingsInRecord = (): Promise<readonly Diagnostic[]> => findingsIn(RECORD, (text) => readProject(text, RECORD));

test("the good record is good", async () => {
  project.write(RECORD, writeProject(DONE));
  expect(await findingsInRecord()).toEqual([]);
  expect((await project.flow("tasks", "project")).code).toBe(0);
});

test(`${RECORDS} spoilt records are refused, at the mistake, and stay as they are`, { timeout: 300_000 }, () =>
  breakFiles({
    project,
    files: [RECORD],
    command: ["tasks", "project"],
    mutators: RECORD_MUTATORS,
    seeds: RECORDS,
    findings: findingsInRecord,
    follows: true,
  }),
);
