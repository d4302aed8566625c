/** The door to the compiler: answers from memory while nothing has changed, else loads the analyser and compiles. */

import { checkStateDir } from "@millrace/core/project";
import type { CompileOptions, CompileResult } from "./compile-result.js";
import { recallBuild } from "./memory/build-memory.js";
import { locateProject } from "./project/locate-project.js";

/**
 * Compiles the project that `cwd` lies in.
 * @throws MillraceError `project-not-found`, `state-dir-unusable`.
 */
export async function compile({ cwd, mode, beforeReading }: CompileOptions): Promise<CompileResult> {
  const since = Date.now();
  const location = locateProject(cwd);
  checkStateDir(location.stateDir);
  const remembered = recallBuild(location);
  if (remembered) {
    const { built, diagnostics } = remembered;
    return {
      root: location.root,
      built,
      get manifest() {
        return remembered.manifest();
      },
      diagnostics,
      changed: false,
      written: [],
    };
  }
  // ts-morph and esbuild take longer to load than an unchanged project takes to recognise.
  const { compileProject, nothingKept } = await import("./compile-project.js");
  beforeReading?.();
  const kept = nothingKept();
  try {
    return (await compileProject({ location, mode, since, kept })).result;
  } finally {
    kept.modules.close();
  }
}
