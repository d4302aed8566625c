/** The one door to @millrace/compiler: loaded when a test builds a project, so that the kit works without one. */
import { MillraceError } from "@millrace/core";

type Compiler = typeof import("@millrace/compiler");

/** What a build or a check found: the compiler's own result. */
export type CompileResult = Awaited<ReturnType<Compiler["compile"]>>;

/** Loads the compiler. @throws MillraceError `compiler-missing`. */
export async function loadCompiler(): Promise<Compiler> {
  try {
    return await import("@millrace/compiler");
  } catch (cause) {
    throw new MillraceError("compiler-missing", "A test project cannot be built: @millrace/compiler does not load.", {
      hint: "Install it for development: npm install --save-dev @millrace/compiler.",
      cause,
    });
  }
}
