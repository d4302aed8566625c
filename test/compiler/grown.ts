/** Lets the files of a project get so old that a build remembers them, however quickly its process starts. */
import { statSync } from "node:fs";
import type { TestProject } from "@millrace/testing";
import { expect } from "vitest";

/** By so much the clocks of files and processes may differ, ms: a build remembers nothing that changed shortly before. */
const CLOCKS_MS = 60;

/** Fulfils when what was written before is old enough. */
export async function grown(project: TestProject): Promise<void> {
  const touched = (): number => {
    project.write(".flow/clock", "");
    return statSync(project.path(".flow/clock")).ctimeMs;
  };
  const begun = touched();
  await expect.poll(() => touched() - begun, { interval: 5 }).toBeGreaterThan(CLOCKS_MS);
}
