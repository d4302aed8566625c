/** The door to the compiler: answers from memory while nothing has changed, else loads the analyser and compiles. */
import type { Diagnostic, Manifest } from "@millrace/core";
import { checkStateDir } from "./emit/write-build.js";
import { recallBuild } from "./memory/build-memory.js";
import { locateProject } from "./project/locate-project.js";

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

/**
 * Compiles the project that `cwd` lies in.
 * @throws MillraceError `project-not-found`, `state-dir-unusable`.
 */
export async function compile({ cwd, mode }: CompileOptions): Promise<CompileResult> {
  const location = locateProject(cwd);
  checkStateDir(location.stateDir);
  const remembered = recallBuild(location);
  if (remembered) return { root: location.root, ...remembered, changed: false, written: [] };
  // ts-morph and esbuild take longer to load than an unchanged project takes to recognise.
  const { compileProject } = await import("./compile-project.js");
  return compileProject(location, mode);
}
