/** What `flow diff --json` and `flow affected --json` print. */
import type { ManifestDifference } from "../manifest/compare-manifests.js";

/** Two builds compared. */
export interface DiffDocument extends ManifestDifference {
  /** What the sources were compared with: a build or a commit, as it was named. */
  readonly against: string;
}

/** What a change touches. */
export interface AffectedDocument {
  /** The commit, as it was named. */
  readonly since: string;
  /** Ids of tasks that are new or whose records no longer serve, sorted. */
  readonly tasks: readonly string[];
  /** The same of flows, sorted. */
  readonly flows: readonly string[];
  /** Paths of the tests that reach something that differs, posix, relative to the project's folder, sorted. */
  readonly tests: readonly string[];
}
