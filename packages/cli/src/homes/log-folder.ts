/** The folder in which the file logger of a run has written: the usual one, or another by its job file or by package.json. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type RunId, readSettings, STATE_PATHS } from "@millrace/core";
import { type CommandPlace, packageJsonOf } from "../project/place-of-command.js";
import { readOrigin } from "./job-of-origin.js";
import { startOfRun } from "./start-of-run.js";

/** It holds a folder for the run, unless there is none anywhere. */
export async function logFolderOf(place: CommandPlace, run: RunId): Promise<string> {
  const usual = join(place.stateDir, STATE_PATHS.logs);
  const holdsRun = (folder: string): boolean => existsSync(join(folder, run));
  if (holdsRun(usual)) return usual;
  const named = [...(await dirsOfJob(place, run)), ...dirsOfProject(place)].map((dir) => resolve(place.root, dir));
  return named.find(holdsRun) ?? usual;
}

async function dirsOfJob(place: CommandPlace, run: RunId): Promise<readonly string[]> {
  const started = await startOfRun(place, run);
  // A file that is gone says nothing of where the logs are.
  const job = started?.origin && (await readOrigin(started.origin, place).catch(() => undefined));
  return (job?.watchers.loggers ?? []).flatMap(({ use, params }) => dirOf(use, params));
}

function dirsOfProject(place: CommandPlace): readonly string[] {
  const { loggers = {} } = readSettings(packageJsonOf(place), join(place.root, "package.json"));
  return Object.values(loggers).flatMap(({ logger, parameters = {} }) => dirOf(logger, parameters));
}

function dirOf(use: string, { dir }: Readonly<Record<string, unknown>>): readonly string[] {
  return use === "FileLogger" && typeof dir === "string" ? [dir] : [];
}
