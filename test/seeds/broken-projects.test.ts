/** Broken sources and templates of a project: each is a good one with one seeded mistake. Every one is refused before anything starts, and the project stays as it is. */
import { existsSync } from "node:fs";
import { type Diagnostic, isMillraceError } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { buildTasks, type Place, renderTasks } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles } from "./broken-files.js";
import { jobProject } from "./job-project.js";
import { PROJECT_MUTATORS } from "./project-mutators.js";
import { TEMPLATE_MUTATORS } from "./template-mutators.js";

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

const TEMPLATES = 76;
const TEMPLATE = "lines.yaml.liquid";
const PARTIAL = "count.yaml.liquid";
const SETTINGS = { samples: [{ id: "s1" }, { id: "s2" }], threads: 2, mode: "fast" };

/** Two files: the second is what the first brings in. */
const GOOD_TEMPLATES = {
  [TEMPLATE]: `# Lines of files.
{% assign more = '{"cpus": 1}' | fromjson %}
{% for sample in samples %}
- name: fetch-{{ sample.id }}
  cmd: echo {{ sample.id | upcase }} > {{ sample.id }}.txt
{% render "count", sample: sample, threads: threads %}
{% endfor %}
{% if mode == "fast" %}
- name: report
  cmd: echo {{ mode }} {{ threads }}
  cpus: {{ more.cpus }}
  after-re: count-.*
{% endif %}
`,
  [PARTIAL]: `- name: count-{{ sample.id }}
  cmd: wc -l < {{ sample.id }}.txt
  after: fetch-{{ sample.id | downcase }}
{% if threads %}  cpus: {{ threads }}
{% endif %}`,
};

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
  project.write(FILE, GOOD);
  for (const [file, text] of Object.entries(GOOD_TEMPLATES)) project.write(file, text);
  project.write("settings.yaml", JSON.stringify(SETTINGS));
});
afterAll(() => project.remove());

interface Issue {
  readonly path: string;
  readonly message: string;
  readonly place?: Place;
}

/** What is wrong with the file. */
async function findings(): Promise<readonly Diagnostic[]> {
  return diagnostics(() => void buildTasks(project.read(FILE), { file: FILE }));
}

/** What is wrong with the template or its partial. */
async function templateFindings(): Promise<readonly Diagnostic[]> {
  return diagnostics(async () => {
    const partials = { count: { text: project.read(PARTIAL), file: PARTIAL } };
    buildTasks(await renderTasks(project.read(TEMPLATE), { file: TEMPLATE, settings: SETTINGS, partials }));
  });
}

/** What an act says is wrong, as diagnostics: of each place the rest of its line. */
async function diagnostics(act: () => void | Promise<void>): Promise<readonly Diagnostic[]> {
  try {
    await act();
    return [];
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    const { issues, place: one } = error.data as { readonly issues?: readonly Issue[]; readonly place?: Place };
    const all = issues ?? [{ path: "", message: error.message, ...(one ? { place: one } : {}) }];
    return all.map(({ path, message, place = { file: FILE, line: 1, column: 1 } }) => {
      const { file, line, column } = place;
      const text = project.read(file);
      const span = { file, line, column, endLine: line, endColumn: (text.split("\n")[line - 1]?.length ?? 0) + 1 };
      return { code: "job-invalid", severity: "error", message: `${path} ${message}`, span, related: [], data: {} };
    });
  }
}

test("what is good is good", async () => {
  expect(await findings()).toEqual([]);
  expect(await templateFindings()).toEqual([]);
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

test(`${TEMPLATES} broken templates are refused, at the mistake`, { timeout: 300_000 }, async () => {
  await breakFiles({
    project,
    files: [TEMPLATE, PARTIAL],
    command: ["project", "run", TEMPLATE],
    mutators: TEMPLATE_MUTATORS,
    seeds: TEMPLATES,
    findings: templateFindings,
  });
  expect(existsSync(project.path(".flow/project.yaml"))).toBe(false);
});
