/** The observers that a job file names, made for its run. */
import { join } from "node:path";
import type { Observer } from "@millrace/core";
import { STATE_PATHS } from "@millrace/core/project";
import type { JobWatchers } from "@millrace/jobs";
import { loadObserverRegistry, observersFromConfig, projectObservers } from "@millrace/runtime";
import type { CommandPlace } from "../project/place-of-command.js";

/** Its `loggers` stand in place of what watches in the project, its `extensions` beside. @throws MillraceError `observer-invalid`. */
export async function watchersOf(
  { loggers, extensions, directories, packages }: JobWatchers,
  { root, stateDir }: CommandPlace,
): Promise<readonly Observer[]> {
  const usual = loggers === undefined ? await projectObservers(root) : [];
  const named = [...(loggers ?? []), ...extensions];
  if (named.length === 0) return usual;
  const logs = join(stateDir, STATE_PATHS.logs);
  const registry = await loadObserverRegistry({ root, logs, required: directories, packages });
  return [...usual, ...(await observersFromConfig(named, registry))];
}
