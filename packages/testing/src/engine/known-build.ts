/** The build of the project under test, if the Vitest plugin has made one: its place stands in the environment. */
import { PinnedBuild } from "@millrace/runtime/internal";
import { TEST_STATE_DIR } from "./test-state-dir.js";

/** The current build of the project under test. @throws MillraceError `manifest-missing`, `manifest-unreadable`, `build-missing`. */
export async function knownBuild(): Promise<PinnedBuild | undefined> {
  const stateDir = process.env[TEST_STATE_DIR];
  return stateDir ? PinnedBuild.open(stateDir) : undefined;
}
