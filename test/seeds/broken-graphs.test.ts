/** Broken job graphs in JSON: each is a good one with one seeded mistake. Every one is refused before anything starts, with its place in the file. */
import { type Diagnostic, type Manifest, readJobGraph } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles, jsonFindings, surroundings } from "./broken-files.js";
import { GRAPH_MUTATORS } from "./graph-mutators.js";
import { checkedProject } from "./job-project.js";

const GRAPHS = 66;
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
  ({ project, manifest } = await checkedProject());
  project.write(FILE, GOOD);
});
afterAll(() => project.remove());

const findings = async (): Promise<readonly Diagnostic[]> =>
  jsonFindings({ file: FILE, text: project.read(FILE) }, (value) => readJobGraph(value, surroundings(manifest)));

test("the good graph is good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${GRAPHS} broken graphs are refused, at the mistake`, { timeout: 300_000 }, () =>
  breakFiles({ project, files: [FILE], mutators: GRAPH_MUTATORS, seeds: GRAPHS, findings, follows: true }),
);
