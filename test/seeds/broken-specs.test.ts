/** Broken flow specs in JSON: each is a good one with one seeded mistake. Every one is refused before anything starts, with its place in the file. */
import type { Diagnostic } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { type FlowSpec, flowSpecToFlow } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles, jsonFindings } from "./broken-files.js";
import { jobProject } from "./job-project.js";
import { SPEC_MUTATORS } from "./spec-mutators.js";

const SPECS = 68;
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

const findings = async (): Promise<readonly Diagnostic[]> =>
  jsonFindings({ file: FILE, text: project.read(FILE) }, (value) => flowSpecToFlow(value as FlowSpec).toJobGraph());

test("the good spec is good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${SPECS} broken specs are refused, at the mistake`, { timeout: 300_000 }, () =>
  breakFiles({ project, files: [FILE], mutators: SPEC_MUTATORS, seeds: SPECS, findings }),
);
