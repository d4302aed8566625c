/** Modules that throw or never end while they are loaded: the source is named, the run goes on once they load. */
import { rm } from "node:fs/promises";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProject, journal } from "./built-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await buildProject();
});
afterAll(() => project.remove());

test.each([
  [
    "task throws",
    1,
    /\[module-failed\] The module of task Late .*no licence found\n {2}cause: Error: no licence found\n\s+at .*src\/late\.ts:\d+/,
  ],
  [
    "task throws everywhere",
    0,
    /\[module-failed\] The module of flow Tardy .*no licence found\n {2}cause: .*\n\s+at .*src\/late\.ts:\d+/,
  ],
  ["task waits", 1, /\[step-timeout\] Late ran longer than its timeout of 500 ms\. .*its thread was ended/],
  [
    "flow throws",
    0,
    /\[module-failed\] The module of flow Tardy \(src\/late-flow\.ts\) .*no settings found\n {2}cause: .*\n\s+at .*src\/late-flow\.ts:\d+/,
  ],
  [
    "flow waits",
    0,
    /\[module-failed\] The module of flow Tardy \(src\/late-flow\.ts\) .*a top-level await.* never comes\n {2}hint:/,
  ],
])("%s", async (fault, stepsBefore, message) => {
  const id = fault.replaceAll(" ", "-");
  await rm(project.path("journal"), { force: true });
  const failed = await project.start(["run", "Tardy", "--id", id], { env: { E2E_MODULE: fault } }).done;
  expect(failed.stderr).toMatch(message);
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  expect(journal(project)).toHaveLength(stepsBefore);

  const resumed = await project.flow("resume", id);
  expect(resumed).toMatchObject({ code: 0, stdout: "before, late\n" });
  expect(journal(project)).toEqual(["before"]);
});
