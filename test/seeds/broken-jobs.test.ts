/**
 * Broken jobs: each is a good one with one seeded mistake, in the file itself or in the one that it includes. Every one is refused before
 * anything starts, with a diagnostic at the mistake.
 */

import type { Diagnostic, Manifest } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { checkJob, readJob } from "millrace/jobs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyEdit, mistakeOf, overlaps } from "../diagnostics/mutation.js";
import { JOB_MUTATORS } from "./job-mutators.js";
import { jobProject } from "./job-project.js";

const JOBS = 64;
/** Every so many a job is run by the command, too. */
const BY_COMMAND = 16;
const FILES = ["good/nightly.yaml", "good/base.yaml"];

let project: TestProject;
let manifest: Manifest;
beforeAll(async () => {
  project = await jobProject();
  const built = await project.check();
  if (!built.manifest) throw new Error("the project does not build");
  manifest = built.manifest;
});
afterAll(() => project.remove());

const findings = (): Promise<readonly Diagnostic[]> =>
  checkJob(readJob(project.path("good/nightly.yaml"), { root: project.root, env: {} }), manifest);

test("the good job is good", async () => {
  expect(await findings()).toEqual([]);
});

test(`${JOBS} broken jobs are refused, at the mistake`, { timeout: 300_000 }, async () => {
  const missed: string[] = [];
  const several: string[] = [];
  for (let seed = 0; seed < JOBS; seed += 1) {
    const broken = mistakeOf(seed, { mutators: JOB_MUTATORS, files: FILES, read: (file) => project.read(file) });
    const { file, edit } = broken;
    const before = project.read(file);
    const after = applyEdit(before, edit);
    project.write(file, after);
    const found = await findings();
    const shown = `#${seed} ${broken.mutator} in ${file}: ${found.map((d) => `${d.code}@${d.span.file}:${d.span.line}:${d.span.column} ${d.message}`).join(" | ")}`;
    expect(found.length, shown).toBeGreaterThan(0);
    expect(JSON.stringify(found), shown).not.toMatch(/\\n\s+at |node_modules|internal/);
    if (!overlaps(found[0], broken, after)) missed.push(shown);
    if (found.length !== 1) several.push(shown);
    if (seed % BY_COMMAND === 0) {
      const { code, stderr } = await project.flow("run", "good/nightly.yaml");
      expect(code, shown).toBe(2);
      expect(stderr, shown).not.toMatch(/\n\s+at |internal-bug/);
      expect(stderr, shown).toContain(`${found[0]?.span.file}:${found[0]?.span.line}`);
    }
    project.write(file, before);
  }
  expect((await project.flow("runs", "--json")).json()).toEqual([]);
  const share = (n: number): string => `${JOBS - n} of ${JOBS}`;
  console.log(
    `first diagnostic at the mistake: ${share(missed.length)}; one cause, one error: ${share(several.length)}`,
  );
  for (const line of [...missed.map((l) => `elsewhere: ${l}`), ...several.map((l) => `several: ${l}`)])
    console.log(line);
  expect(missed.length).toBeLessThanOrEqual(JOBS / 10);
  expect(several).toEqual([]);
});
