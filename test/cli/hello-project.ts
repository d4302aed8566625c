/** The project of this folder's tests: flows that greet, fail and wait. */
import { createTestProject, type TestProject } from "@millrace/testing";

/** A new copy of it, not built. */
export function helloProject(): Promise<TestProject> {
  return createTestProject({ from: new URL("./fixtures/hello", import.meta.url) });
}

/** Environment that hides the compiler, as in a production install. */
export const WITHOUT_COMPILER: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--import=${new URL("./without-compiler.mjs", import.meta.url).href}`,
};
