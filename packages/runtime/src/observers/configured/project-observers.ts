/** The observers of a project: what `millrace` in its package.json names, or the file logger. What an engine has that is given none. */
import { join } from "node:path";
import { findProject, type Observer, readSettings, STATE_PATHS } from "@millrace/core";
import { fileObserver } from "../file-observer.js";
import { loadObserverRegistry } from "./observer-registry.js";
import { observersFromConfig } from "./observers-from-config.js";

/**
 * Makes the observers of the project around a folder: its `loggers`, or the file logger if it names none, and its `extensions`.
 * @throws MillraceError `project-not-found`, `observer-invalid`.
 */
export async function projectObservers(cwd: string): Promise<readonly Observer[]> {
  const { root, stateDir, packageJson } = findProject(cwd);
  const { loggers, extensions = {} } = readSettings(packageJson, join(root, "package.json"));
  const logs = join(stateDir, STATE_PATHS.logs);
  const entries = [
    ...Object.entries(loggers ?? {}).map(([name, { logger: use, parameters: params = {} }]) => ({
      at: `millrace.loggers.${name}`,
      use,
      params,
    })),
    ...Object.entries(extensions).map(([name, { extension: use, parameters: params = {} }]) => ({
      at: `millrace.extensions.${name}`,
      use,
      params,
    })),
  ];
  const usual = loggers === undefined ? [fileObserver({ dir: logs })] : [];
  if (entries.length === 0) return usual;
  return [...usual, ...(await observersFromConfig(entries, await loadObserverRegistry({ root, logs })))];
}
