/** What `flow build --json` and `flow check --json` print. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { BuildHash } from "../identity/brands.js";

/** Outcome of a build or check. */
export interface BuildDocument {
  /** True unless a diagnostic is an error. */
  readonly ok: boolean;
  /** Absolute path of the project's folder. */
  readonly root: string;
  /** Content hash of the build; absent if there were errors. */
  readonly build?: BuildHash;
  /** Ids of the tasks found; absent if there were errors. */
  readonly tasks?: readonly string[];
  /** Ids of the flows found; absent if there were errors. */
  readonly flows?: readonly string[];
  /** The build differs from the one before. */
  readonly changed: boolean;
  /** Files written, relative to the project's folder; empty for `flow check`. */
  readonly written: readonly string[];
  /** How many of each severity. */
  readonly counts: { readonly errors: number; readonly warnings: number; readonly hints: number };
  /** All findings, ordered by file and position. */
  readonly diagnostics: readonly Diagnostic[];
}
