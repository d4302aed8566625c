/** Finds the project around a folder: its package.json, its tsconfig.json, its output folder. Reads no sources. */
import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { findProject, findTsconfig, MillraceError, type ProjectSettings, readSettings } from "@millrace/core/project";

/** Where a project lies. All paths are absolute and real. */
export interface ProjectLocation {
  /** Folder of the package.json. */
  readonly root: string;
  /** TypeScript configuration. */
  readonly tsconfig: string;
  /** Output folder; need not exist. */
  readonly stateDir: string;
  readonly settings: ProjectSettings;
}

/** Finds the project that `cwd` lies in. @throws MillraceError `project-not-found`. */
export function locateProject(cwd: string): ProjectLocation {
  const start = resolve(cwd);
  if (!existsSync(start)) {
    throw new MillraceError("project-not-found", `There is no folder ${start}.`, {
      hint: "Give an existing folder with --cwd.",
      data: { cwd: start },
    });
  }
  const from = realpathSync(start);
  const { root, stateDir, packageJson } = findProject(from);
  const file = join(root, "package.json");
  const settings = readSettings(packageJson, file);
  const tsconfig = findTsconfig({ from, root, settings });
  if (tsconfig === undefined) throw noTsconfig(from);
  if (!existsSync(tsconfig)) {
    throw new MillraceError("project-not-found", `${file} names ${tsconfig}, which does not exist.`, {
      hint: 'Correct "millrace.tsconfig" in the package.json.',
      data: { tsconfig },
    });
  }
  return { root, tsconfig, stateDir, settings };
}

function noTsconfig(cwd: string): MillraceError {
  return new MillraceError("project-not-found", `There is no tsconfig.json in ${cwd} or above it.`, {
    hint: "Run the command inside a project, name one with --cwd, or make one with `npx tsc --init`.",
    data: { cwd, name: "tsconfig.json" },
  });
}
