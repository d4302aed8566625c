/** Opens the runs of a project for looking, and for changes without an engine, and makes nothing where there is nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findProject, type RunStore, STATE_PATHS, systemClock } from "@millrace/core";
import { checkpointHomes } from "../homes/job-checkpoints.js";
import { joinedStore } from "../homes/joined-store.js";
import { checkpointHome, type RunHome, sharedHome } from "../homes/run-home.js";
import type { CommandPlace } from "../project/place-of-command.js";

/** Calls `look` with all runs, wherever they are kept, and closes what was opened; undefined if nothing has ever run here. */
export async function withStore<T>(place: CommandPlace, look: (store: RunStore) => Promise<T>): Promise<T | undefined> {
  const [first, ...more] = [...(await projectHome(place)), ...(await checkpointHomes(place))];
  if (!first) return undefined;
  const store = joinedStore([first, ...more]);
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

/** Where runs are kept of which no job file says otherwise; none if there is nothing yet. */
async function projectHome({ root, stateDir }: CommandPlace): Promise<readonly RunHome[]> {
  const { openProjectStore, openSqliteStore, readProjectCheckpoint } = await import("@millrace/runtime");
  const project = findProject(root);
  const runs = await readProjectCheckpoint(project);
  if (runs) return [checkpointHome(runs, () => openProjectStore(project, systemClock))];
  if (!existsSync(join(stateDir, STATE_PATHS.database))) return [];
  return [sharedHome(await openSqliteStore({ dir: stateDir }))];
}
