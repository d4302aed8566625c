/** Broken job graphs in JSON: each is a good one with one seeded mistake. Every one is refused before anything starts, with its place in the file. */
import { type Diagnostic, isMillraceError, type JobGraphIssue, type Manifest, readJobGraph } from "@millrace/core";
import { compileValidator } from "@millrace/core/validate";
import type { TestProject } from "@millrace/testing";
import { locateIssues, readJson } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles } from "./broken-files.js";
import { GRAPH_MUTATORS } from "./graph-mutators.js";
import { jobProject } from "./job-project.js";

const GRAPHS = 60;
const FILE = "graph.json";

const ref = (to: string): string => `$${`{{ ${to} }}`}`;
const GOOD = `{
  "version": 1,
  "name": "night",
  "policy": "skip-dependents",
  "window": 3,
  "timeout": "10m",
  "nodes": [
    { "id": "first", "run": { "task": "Probe" }, "params": { "name": { "value": "a" }, "journal": { "value": "j" } } },
    { "id": "second", "run": { "task": "Echo" },
      "params": { "text": { "template": "of ${ref("first.name")}" }, "times": { "value": 2 } },
      "options": { "retry": { "attempts": 2 }, "priority": 3 } },
    { "id": "third", "run": { "task": "Echo" }, "params": { "text": { "from": "second" } }, "critical": false },
    { "id": "last", "run": { "task": "Echo" },
      "params": { "text": { "value": "end" }, "more.items": { "value": ["x"] }, "more.depth": { "value": 1 } } }
  ],
  "edges": [
    { "from": "first", "to": "second" },
    { "from": "second", "to": "third", "policy": "run-dependents" },
    { "from": "third", "to": "last" }
  ]
}
`;

let project: TestProject;
let manifest: Manifest;
beforeAll(async () => {
  project = await jobProject();
  const built = await project.check();
  if (!built.manifest) throw new Error("the project does not build");
  manifest = built.manifest;
  project.write(FILE, GOOD);
});
afterAll(() => project.remove());

async function findings(): Promise<readonly Diagnostic[]> {
  const source = { file: FILE, text: project.read(FILE) };
  const read = readJson(source);
  if ("wrong" in read) return [read.wrong];
  try {
    readJobGraph(read.value, {
      manifest,
      locals: new Map(),
      check: (schema, value) => compileValidator(schema)(value),
    });
    return [];
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    return locateIssues(source, (error.data as { readonly issues: readonly JobGraphIssue[] }).issues);
  }
}

test("the good graph is good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${GRAPHS} broken graphs are refused, at the mistake`, { timeout: 300_000 }, () =>
  breakFiles({ project, files: [FILE], mutators: GRAPH_MUTATORS, seeds: GRAPHS, findings, follows: true }),
);
