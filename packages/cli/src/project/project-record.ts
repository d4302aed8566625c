/** The recorded project of a folder: `.flow/project.yaml`, read and written whole. Who holds the project is a matter of hold-project. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STATE_PATHS, stateDirUnusable } from "@millrace/core";
import { EMPTY_PROJECT, type RecordedProject, readProject, writeProject } from "@millrace/jobs";
import { say } from "../output/streams.js";
import type { CommandPlace } from "./place-of-command.js";

/** The project as it was left; an empty one where there is none. @throws MillraceError `project-invalid`, `state-dir-unusable`. */
export function loadProject({ stateDir }: CommandPlace): RecordedProject {
  const file = recordOf(stateDir);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return EMPTY_PROJECT;
    throw stateDirUnusable(stateDir, error);
  }
  const { project, warnings } = readProject(text, file);
  for (const warning of warnings) say(`warning: ${warning}`);
  return project;
}

/** Puts the project in the place of the old one: a crash leaves one of the two, whole. @throws MillraceError `state-dir-unusable`. */
export function saveProject({ stateDir }: CommandPlace, project: RecordedProject): void {
  const file = recordOf(stateDir);
  const side = `${file}.${process.pid}`;
  try {
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(side, writeProject(project), { flush: true });
    renameSync(side, file);
    syncFolder(stateDir);
  } catch (error) {
    rmSync(side, { force: true });
    throw stateDirUnusable(stateDir, error);
  }
}

function recordOf(stateDir: string): string {
  return join(stateDir, STATE_PATHS.project);
}

/** The name survives a power loss, too. Windows opens no folders. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
