/** The one door to @millrace/compiler, which production installs do not have. */
import { createRequire } from "node:module";
import { MillraceError } from "@millrace/core/project";

/** The compiler's module. */
export type Compiler = typeof import("@millrace/compiler");

/** Loads the compiler; `purpose` completes "… is needed to …". @throws MillraceError `compiler-missing`. */
export async function loadCompiler(purpose: string): Promise<Compiler> {
  try {
    return await import("@millrace/compiler");
  } catch (cause) {
    if (compilerVersion() !== undefined) throw cause;
    throw new MillraceError("compiler-missing", `@millrace/compiler is needed to ${purpose}, and is not installed.`, {
      hint: "Install it for development (npm install --save-dev @millrace/compiler), or ship the .flow folder of a build made elsewhere.",
    });
  }
}

/** Version of the installed compiler, without loading it; undefined if there is none. */
export function compilerVersion(): string | undefined {
  try {
    const { version } = createRequire(import.meta.url)("@millrace/compiler/package.json") as { version: string };
    return version;
  } catch {
    return undefined;
  }
}
