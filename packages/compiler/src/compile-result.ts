/** What goes into the compiler and what comes out. */
import type { BuildHash, Diagnostic, Manifest } from "@millrace/core/project";

/** What is to be compiled, and how far. */
export interface CompileOptions {
  /** A folder inside the project. */
  readonly cwd: string;
  /** `check` writes nothing. */
  readonly mode: "build" | "check";
  /** Called before the first source is read; not at all if the last build is still good. */
  readonly beforeReading?: () => void;
}

/** A build by its names. */
export interface BuildNames {
  readonly build: BuildHash;
  /** Ids, sorted. */
  readonly tasks: readonly string[];
  /** Ids, sorted. */
  readonly flows: readonly string[];
}

/** The names in a manifest. */
export function namesOf({ build, tasks, flows }: Manifest): BuildNames {
  return { build, tasks: Object.keys(tasks), flows: Object.keys(flows) };
}

/** What came of it. */
export interface CompileResult {
  /** Absolute folder of the project's package.json. */
  readonly root: string;
  /** All findings, sorted. With an error among them nothing was written. */
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined if there are errors. */
  readonly built: BuildNames | undefined;
  /** Undefined if there are errors. Read when it is asked for if nothing had changed: it can be large. */
  readonly manifest: Manifest | undefined;
  /** The manifest differs from the one on disk (build: from the one that was). */
  readonly changed: boolean;
  /** Absolute paths written, sorted. */
  readonly written: readonly string[];
}
