/** The checks of `flow doctor`, in the order in which they are shown, and nothing that knows what they look for. */
import type { DoctorCheck } from "@millrace/core";
import { type Check, failure } from "./check.js";
import { build } from "./checks/build.js";
import { clock } from "./checks/clock.js";
import { content } from "./checks/content.js";
import { decorators } from "./checks/decorators.js";
import { disk } from "./checks/disk.js";
import { git } from "./checks/git.js";
import { manifest } from "./checks/manifest.js";
import { nodeVersion } from "./checks/node-version.js";
import { packages } from "./checks/packages.js";
import { project } from "./checks/project.js";
import { runs } from "./checks/runs.js";
import { scripts } from "./checks/scripts.js";
import { sources } from "./checks/sources.js";
import { space } from "./checks/space.js";
import { sqlite } from "./checks/sqlite.js";
import { store } from "./checks/store.js";
import { tsconfig } from "./checks/tsconfig.js";
import { typesFile } from "./checks/types-file.js";
import { vitest } from "./checks/vitest.js";
import type { DoctorSite } from "./doctor-site.js";

/** By name. */
const CHECKS: Readonly<Record<string, Check>> = {
  node: nodeVersion,
  packages,
  project,
  tsconfig,
  types: typesFile,
  decorators,
  vitest,
  scripts,
  manifest,
  build,
  sources,
  git,
  sqlite,
  store,
  runs,
  content,
  clock,
  space,
  disk,
};

/** Runs all checks on a site; one that throws is a problem, and stops no other. */
export async function examine(site: DoctorSite): Promise<readonly DoctorCheck[]> {
  const results: DoctorCheck[] = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    const verdict = await (async () => check(site))().catch(failure);
    if (verdict !== undefined) results.push({ name, ...verdict });
  }
  return results;
}
