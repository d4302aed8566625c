/** What goes into the compiler and what comes out. */
import type { Diagnostic, Manifest } from "@millrace/core";

/** What is to be compiled, and how far. */
export interface CompileOptions {
  /** A folder inside the project. */
  readonly cwd: string;
  /** `check` writes nothing. */
  readonly mode: "build" | "check";
}

/** What came of it. */
export interface CompileResult {
  /** Absolute folder of the project's package.json. */
  readonly root: string;
  /** All findings, sorted. With an error among them nothing was written. */
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined if there are errors. */
  readonly manifest?: Manifest;
  /** The manifest differs from the one on disk (build: from the one that was). */
  readonly changed: boolean;
  /** Absolute paths written, sorted. */
  readonly written: readonly string[];
}
