/** Programs of installed packages, to be run by Node. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

function installed(name: string, file: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file);
}

export const TSC: string = installed("typescript", "bin/tsc");
export const VITEST: string = installed("vitest", "vitest.mjs");
