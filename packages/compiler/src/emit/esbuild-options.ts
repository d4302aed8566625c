/** What every call of esbuild has in common, so that a module under test is compiled as the build compiles it. */
import { extname, sep } from "node:path";
import type { BuildOptions, Loader } from "esbuild";
import type { ProjectLocation } from "../project/locate-project.js";

/** Options for project modules, which Node loads as ES modules. */
export const MODULE_OPTIONS: BuildOptions = {
  format: "esm",
  platform: "node",
  // Without a target esbuild leaves TC39 decorators as they are, which no Node understands.
  target: "node20",
  // Node does not know esbuild's default condition `module`.
  conditions: [],
  logLevel: "silent",
};

/** The configuration to force on a file; undefined where esbuild's own search for the nearest tsconfig.json finds it. */
export function forcedTsconfig(file: string, { root, tsconfig, settings }: ProjectLocation): string | undefined {
  return settings.tsconfig !== undefined && file.startsWith(root + sep) ? tsconfig : undefined;
}

/** How esbuild reads a file of JavaScript or TypeScript. */
export function loaderOf(path: string): Loader {
  const extension = extname(path).slice(1).replace(/^[cm]/, "");
  return extension === "ts" || extension === "tsx" || extension === "jsx" ? extension : "js";
}
