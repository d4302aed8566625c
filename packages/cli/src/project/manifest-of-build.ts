/** The manifest of a build by its hash. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildHash, type Manifest, readManifest, STATE_PATHS } from "@millrace/core";

/** Reads it; undefined if the build is gone. @throws MillraceError `manifest-unreadable`. */
export function manifestOfBuild(stateDir: string, build: BuildHash): Manifest | undefined {
  const file = join(stateDir, STATE_PATHS.buildManifest(build));
  return existsSync(file) ? readManifest(readFileSync(file, "utf8"), file) : undefined;
}
