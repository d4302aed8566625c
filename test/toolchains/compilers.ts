/** The TypeScript versions that users may have, and where packages lie once `install("test/toolchains")` has run. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// Packages of this folder first, then the repository's own.
const require = createRequire(join(import.meta.dirname, "package.json"));

export interface Compiler {
  readonly version: string;
  /** Name under which its package is installed. */
  readonly package: string;
}

/** Oldest first. */
export const COMPILERS: readonly Compiler[] = [
  { version: "5.9", package: "typescript-5.9" },
  { version: "6", package: "typescript-6" },
  { version: "7", package: "typescript" },
];

/** A file of an installed package, absolute. */
export function packageFile(name: string, file: string): string {
  return join(dirname(require.resolve(`${name}/package.json`)), file);
}

/** The `tsc` of a compiler: a JavaScript file. */
export function tscOf(compiler: Compiler): string {
  return packageFile(compiler.package, "bin/tsc");
}
