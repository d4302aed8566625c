/** What only modules can tell of a job's loggers, extensions and checkpointer: that there are such, and that they take what they are given. */
import { isAbsolute, relative, resolve } from "node:path";
import { type Diagnostic, isBuiltInObserver, isMillraceError } from "@millrace/core";
import { type JobReading, type JobWatchers, locateWatchers, type WatcherIssue, watcherEntries } from "@millrace/jobs";
import type { CommandPlace } from "../project/place-of-command.js";

/** What is wrong with them; what can be told without a module has been found before. Loads the modules. @throws MillraceError `observer-invalid` for one that the file does not name. */
export async function checkObservers(
  { watchers, places }: Pick<JobReading, "watchers" | "places">,
  place: CommandPlace,
): Promise<readonly Diagnostic[]> {
  const named = watchers ? watcherEntries(watchers).filter(({ use }) => !isBuiltInObserver(use)) : [];
  if (!watchers || named.length === 0) return [];
  const { configuredIssues } = await import("@millrace/runtime");
  const { registryOf } = await import("./job-surroundings.js");
  try {
    const registry = await registryOf(watchers, place);
    const found = await Promise.all(
      named.map(async (entry) =>
        (await configuredIssues(entry, registry)).map(({ message, hint, parameter }): WatcherIssue => {
          if (parameter === undefined) return { path: entry.at, message: `cannot be made: ${message}`, hint };
          const within = parameter === "" ? "" : `.${parameter}`;
          return { path: `${entry.at}.parameters${within}`, message: `cannot be used: ${message}`, hint };
        }),
      ),
    );
    return locateWatchers(found.flat(), places);
  } catch (error) {
    if (!isMillraceError(error) || error.code !== "observer-invalid") throw error;
    const path = namedBy(error.data, watchers, place);
    if (path === undefined) throw error;
    const { message, hint } = error;
    return locateWatchers(
      [{ path, message: `cannot be used: ${message}`, ...(hint === undefined ? {} : { hint }) }],
      places,
    );
  }
}

/** The folder or package of the file that an error of loading is about. */
function namedBy(
  { folder, module }: Readonly<Record<string, unknown>>,
  { directories, packages }: JobWatchers,
  { root }: CommandPlace,
): string | undefined {
  const what = String(folder ?? module);
  const inPackages = packages.indexOf(what);
  if (inPackages >= 0) return `config.extension_packages[${inPackages}]`;
  const inDirectories = directories.findIndex((path) => holds(resolve(root, path), what));
  return inDirectories < 0 ? undefined : `config.extension_directories[${inDirectories}]`;
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !way.startsWith("..") && !isAbsolute(way);
}
