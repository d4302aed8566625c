/** The door to the tests of a change. What reads syntax is loaded when it is asked: an unchanged build needs none of it. */
import type { AffectedTestsRequest } from "./affected-tests.js";

/** Paths of the tests, posix, relative to the project's folder, sorted. @throws MillraceError `project-not-found`. */
export async function findAffectedTests(request: AffectedTestsRequest): Promise<readonly string[]> {
  const { affectedTests } = await import("./affected-tests.js");
  return affectedTests(request);
}
