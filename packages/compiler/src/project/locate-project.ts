/** Finds the project around a folder: its package.json, its tsconfig.json, its output folder. Reads no sources. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { MillraceError, STATE_DIR } from "@millrace/core";
import { type ProjectSettings, readSettings } from "./project-settings.js";

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
  const packageJson = findUp(from, "package.json");
  if (packageJson === undefined) throw missing(from, "package.json", "npm init -y");
  const root = dirname(packageJson);
  const settings = readSettings(parse(packageJson), packageJson);
  const tsconfig = settings.tsconfig ? resolve(root, settings.tsconfig) : findUp(from, "tsconfig.json");
  if (tsconfig === undefined) throw missing(from, "tsconfig.json", "npx tsc --init");
  if (!existsSync(tsconfig)) {
    throw new MillraceError("project-not-found", `${packageJson} names ${tsconfig}, which does not exist.`, {
      hint: 'Correct "millrace.tsconfig" in the package.json.',
      data: { tsconfig },
    });
  }
  return { root, tsconfig, stateDir: resolve(root, settings.stateDir ?? STATE_DIR), settings };
}

function findUp(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, name);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new MillraceError("project-not-found", `${file} is no valid JSON.`, {
      hint: "Correct the package.json.",
      data: { file },
      cause,
    });
  }
}

function missing(cwd: string, name: string, command: string): MillraceError {
  return new MillraceError("project-not-found", `There is no ${name} in ${cwd} or above it.`, {
    hint: `Run the command inside a project, name one with --cwd, or make one with \`${command}\`.`,
    data: { cwd, name },
  });
}
