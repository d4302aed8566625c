/** Broken flow specs in JSON: each is a good one with one seeded mistake. Every one is refused before anything starts, with its place in the file. */
import { type Diagnostic, isMillraceError, type JobGraphIssue } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { type FlowSpec, flowSpecToFlow, locateIssues, readJson } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles } from "./broken-files.js";
import { jobProject } from "./job-project.js";
import { SPEC_MUTATORS } from "./spec-mutators.js";

const SPECS = 60;
const FILE = "spec.json";

const GOOD = `{
  "label": "night",
  "cfg": { "fail_fast": false },
  "data": { "city": "Oslo" },
  "tasks": [
    { "key": "begin", "task_type": "noop" },
    { "key": "fetch", "task_type": "print", "task_params": { "msg": "fetching" } },
    { "key": "tell", "precursors": ["fetch"], "task_type": "log", "task_params": { "msg": "told" } },
    { "key": "side", "precursors": ["begin"], "task_type": "print", "task_params": { "msg": "aside" } },
    { "key": "end", "precursors": ["tell", "side"], "task_type": "noop" }
  ]
}
`;

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
  project.write(FILE, GOOD);
});
afterAll(() => project.remove());

async function findings(): Promise<readonly Diagnostic[]> {
  const source = { file: FILE, text: project.read(FILE) };
  const read = readJson(source);
  if ("wrong" in read) return [read.wrong];
  try {
    flowSpecToFlow(read.value as FlowSpec).toJobGraph();
    return [];
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    return locateIssues(source, (error.data as { readonly issues: readonly JobGraphIssue[] }).issues);
  }
}

test("the good spec is good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${SPECS} broken specs are refused, at the mistake`, { timeout: 300_000 }, () =>
  breakFiles({ project, files: [FILE], mutators: SPEC_MUTATORS, seeds: SPECS, findings, follows: true }),
);
