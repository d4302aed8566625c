/** The project that a command works on: core's search, with what a person at a terminal needs to be told. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { checkStateDir, findProject, MillraceError, suggestName } from "@millrace/core/project";

/** A project. Paths are absolute. */
export interface CommandPlace {
  /** Folder that the command was started in or pointed to. */
  readonly cwd: string;
  /** Folder of the nearest package.json. */
  readonly root: string;
  /** Output folder; need not exist. */
  readonly stateDir: string;
}

/** Finds the project around a folder, by default the current one. @throws MillraceError `project-not-found`, `state-dir-unusable`. */
export function placeOfCommand(folder: string = process.cwd()): CommandPlace {
  const start = resolve(folder);
  if (!statSync(start, { throwIfNoEntry: false })?.isDirectory()) {
    throw new MillraceError("project-not-found", `There is no folder ${start}.`, {
      hint: suggestName(basename(start), foldersBeside(start), "Give an existing folder with --cwd."),
      data: { cwd: start },
    });
  }
  const cwd = realpathSync(start);
  const { root, stateDir } = findProject(cwd);
  checkStateDir(stateDir);
  return { cwd, root, stateDir };
}

function foldersBeside(folder: string): readonly string[] {
  try {
    const entries = readdirSync(dirname(folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}
