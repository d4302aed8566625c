/** Broken sources of a project: each is a good one with one seeded mistake. Every one is refused before anything starts, and the project stays as it is. */
import { existsSync } from "node:fs";
import { type Diagnostic, isMillraceError } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { buildTasks } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles } from "./broken-files.js";
import { jobProject } from "./job-project.js";
import { PROJECT_MUTATORS } from "./project-mutators.js";

const SOURCES = 66;
const FILE = "lines.yaml";

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
  adds: "more-.*"
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

/** What is wrong with the file, as diagnostics: of each place the rest of its line. */
async function findings(): Promise<readonly Diagnostic[]> {
  const text = project.read(FILE);
  try {
    buildTasks(text, { file: FILE });
    return [];
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    const { issues } = error.data as { readonly issues: readonly Issue[] };
    return issues.map(({ path, message, place = { file: FILE, line: 1, column: 1 } }) => {
      const { file, line, column } = place;
      const span = { file, line, column, endLine: line, endColumn: (text.split("\n")[line - 1]?.length ?? 0) + 1 };
      return { code: "job-invalid", severity: "error", message: `${path} ${message}`, span, related: [], data: {} };
    });
  }
}

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
