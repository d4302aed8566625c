/** What `flow gc --json` and `flow rm --json` print. */
import type { BuildHash, RunId } from "../identity/brands.js";

/** What was deleted, or with `dryRun` would be. */
export interface GcDocument {
  readonly dryRun: boolean;
  /** Runs, with their steps, values and logs; newest first. */
  readonly runs: readonly RunId[];
  /** Builds, sorted. */
  readonly builds: readonly BuildHash[];
  /** Values in files that no run names any more; with `dryRun` without those of `runs`. */
  readonly content: { readonly files: number; readonly bytes: number };
  /** By how much the database became smaller, bytes. */
  readonly compacted: number;
}

/** What `flow rm` has deleted. */
export interface RmDocument {
  readonly runs: readonly RunId[];
}
