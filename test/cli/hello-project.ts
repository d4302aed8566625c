/** The project of this folder's tests: flows that greet, fail and wait. */
import { createTestProject, type TestProject } from "@millrace/testing";

/** A new copy of it, not built. */
export function helloProject(): Promise<TestProject> {
  return createTestProject({ from: new URL("./fixtures/hello", import.meta.url) });
}

/** Environment that hides the packages whose names begin so. */
export function withoutPackage(name: string): Readonly<Record<string, string>> {
  const preload = new URL("./without-package.mjs", import.meta.url).href;
  return { NODE_OPTIONS: `--import=${preload}`, WITHOUT_PACKAGE: name };
}

/** A production install. */
export const WITHOUT_COMPILER: Readonly<Record<string, string>> = withoutPackage("@millrace/compiler");
