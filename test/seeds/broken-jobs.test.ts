/**
 * Broken jobs: each is a good one with one seeded mistake, in the file itself or in the one that it includes. Every one is refused before
 * anything starts, with a diagnostic at the mistake.
 */

import type { Diagnostic, Manifest } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { checkJob, readJob } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles } from "./broken-files.js";
import { JOB_MUTATORS } from "./job-mutators.js";
import { checkedProject } from "./job-project.js";

const JOBS = 64;

let project: TestProject;
let manifest: Manifest;
beforeAll(async () => {
  ({ project, manifest } = await checkedProject());
});
afterAll(() => project.remove());

const findings = (): Promise<readonly Diagnostic[]> =>
  checkJob(readJob(project.path("good/nightly.yaml"), { root: project.root, env: {} }), manifest);

test("the good job is good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${JOBS} broken jobs are refused, at the mistake`, { timeout: 300_000 }, () =>
  breakFiles({
    project,
    files: ["good/nightly.yaml", "good/base.yaml"],
    mutators: JOB_MUTATORS,
    seeds: JOBS,
    findings,
  }),
);
