/** Broken jobs of rules: each is a good one with one seeded mistake. Every one is refused before anything starts, with a diagnostic at the mistake. */
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Diagnostic, Manifest } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { checkJob, readJob } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakFiles } from "./broken-files.js";
import { jobProject } from "./job-project.js";
import { RULES_MUTATORS } from "./rules-mutators.js";

const JOBS = 72;

let project: TestProject;
let manifest: Manifest;
beforeAll(async () => {
  project = await jobProject();
  cpSync(fileURLToPath(new URL("fixtures/rules", import.meta.url)), project.root, { recursive: true });
  const built = await project.check();
  if (!built.manifest) throw new Error("the project does not build");
  manifest = built.manifest;
});
afterAll(() => project.remove());

const findings = (): Promise<readonly Diagnostic[]> =>
  checkJob(readJob(project.path("crawl.yaml"), { root: project.root, env: {} }), manifest);

test("the good rules are good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${JOBS} broken jobs of rules are refused, at the mistake`, { timeout: 300_000 }, () =>
  breakFiles({
    project,
    files: ["crawl.yaml", "common.yaml"],
    mutators: RULES_MUTATORS,
    seeds: JOBS,
    findings: async () => (await findings()).filter(({ severity }) => severity === "error"),
  }),
);
