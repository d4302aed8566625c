/** What every call of esbuild has in common, so that a module under test is compiled as the build compiles it. */
import { dirname, extname } from "node:path";
import { nearestTsconfig } from "@millrace/core/project";
import type { BuildOptions, Loader } from "esbuild";
import type { ProjectLocation } from "../project/locate-project.js";
import { isInside } from "../project/relative-posix.js";

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
  if (settings.tsconfig === undefined || !isInside(root, file)) return undefined;
  const nearest = nearestTsconfig(dirname(file));
  const folder = nearest === undefined ? root : dirname(nearest);
  // The setting stands in for the root's own configuration, not for those of folders further in.
  return isInside(root, folder) && folder !== dirname(tsconfig) ? undefined : tsconfig;
}

/** How esbuild reads a file of JavaScript or TypeScript. */
export function loaderOf(path: string): Loader {
  const extension = extname(path).slice(1).replace(/^[cm]/, "");
  return extension === "ts" || extension === "tsx" || extension === "jsx" ? extension : "js";
}
