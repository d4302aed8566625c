/** Which TypeScript configuration is a project's: the one that its package.json names, else the nearest. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { ProjectSettings } from "./project-settings.js";

/** Where to look. Absolute paths. */
export interface TsconfigSearch {
  /** Folder that was asked for; the project's, or one inside it. */
  readonly from: string;
  /** Folder of the package.json. */
  readonly root: string;
  readonly settings: ProjectSettings;
}

/** Absolute path of the configuration, which may not exist if the package.json names it; undefined if there is none. */
export function findTsconfig({ from, root, settings }: TsconfigSearch): string | undefined {
  return settings.tsconfig === undefined ? nearestTsconfig(from) : resolve(root, settings.tsconfig);
}

/** The nearest `tsconfig.json` in a folder or above it. */
export function nearestTsconfig(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, "tsconfig.json");
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}
