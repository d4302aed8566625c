/** The project that a command works on: core's search, with what a person at a terminal needs to be told. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import {
  bareProject,
  checkStateDir,
  findProject,
  MillraceError,
  type ProjectPlace,
  projectAround,
  suggestName,
} from "@millrace/core/project";

/** A project. Paths are absolute. */
export interface CommandPlace {
  /** Folder that the command was started in or pointed to. */
  readonly cwd: string;
  /** Folder of the nearest package.json, or of the record of a project. */
  readonly root: string;
  /** Output folder; need not exist. */
  readonly stateDir: string;
}

/** Finds the project around a folder, by default the current one. @throws MillraceError `project-not-found`, `state-dir-unusable`. */
export function placeOfCommand(folder?: string): CommandPlace {
  return placeIn(folderOfCommand(folder), findProject);
}

/** The same for what only a project of commands has. */
export function placeOfRecord(folder?: string): CommandPlace {
  return placeIn(folderOfCommand(folder), (cwd) => projectAround(cwd) ?? noRecord(cwd));
}

/** The same for a command that can begin a project of commands: where there is none around the folder, it is that folder's. */
export function placeOfNewProject(folder?: string): CommandPlace {
  return placeIn(folderOfCommand(folder), (cwd) => projectAround(cwd) ?? bareProject(cwd));
}

/** The package.json of a place; an empty object where there is none. @throws MillraceError `project-not-found`. */
export function packageJsonOf({ root }: CommandPlace): ProjectPlace["packageJson"] {
  return (projectAround(root) ?? bareProject(root)).packageJson;
}

function placeIn(cwd: string, find: (folder: string) => ProjectPlace): CommandPlace {
  const { root, stateDir } = find(cwd);
  checkStateDir(stateDir);
  return { cwd, root, stateDir };
}

function noRecord(cwd: string): never {
  throw new MillraceError("project-not-found", `There is no project of commands in ${cwd} or above it.`, {
    hint: "`flow project run <file>` begins one with the tasks of a file; --cwd DIR names its folder.",
    data: { from: cwd },
  });
}

/** The real path of the folder that a command is given. */
function folderOfCommand(folder: string = process.cwd()): string {
  const start = resolve(folder);
  if (!statSync(start, { throwIfNoEntry: false })?.isDirectory()) {
    throw new MillraceError("project-not-found", `There is no folder ${start}.`, {
      hint: suggestName(basename(start), foldersBeside(start), "Give an existing folder with --cwd."),
      data: { cwd: start },
    });
  }
  return realpathSync(start);
}

function foldersBeside(folder: string): readonly string[] {
  try {
    const entries = readdirSync(dirname(folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}
