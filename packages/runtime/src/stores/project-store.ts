/** Where the runs of a project are kept if nobody says otherwise: what `millrace.checkpointer` in its package.json makes, or SQLite. */
import { join } from "node:path";
import {
  type Checkpointer,
  type Clock,
  type ProjectPlace,
  type RunStore,
  readSettings,
  STATE_PATHS,
} from "@millrace/core";
import { loadObserverRegistry } from "../observers/configured/observer-registry.js";
import { checkpointerFromConfig } from "../observers/configured/observers-from-config.js";
import { checkpointSnapshot, type RunReader } from "./checkpoint/checkpoint-snapshot.js";
import { storeFromCheckpointer } from "./checkpoint/checkpoint-store.js";
import { openSqliteStore } from "./sqlite/open-sqlite-store.js";

/** Name of the checkpoint of a project. */
const PROJECT_CHECKPOINT = "millrace";

/** Opens it. @throws MillraceError as both kinds of stores do; `observer-invalid`. */
export async function openProjectStore(project: ProjectPlace, clock: Clock): Promise<RunStore> {
  const checkpointer = await projectCheckpointer(project);
  if (checkpointer) return storeFromCheckpointer(checkpointer, { name: PROJECT_CHECKPOINT, clock });
  return openSqliteStore({ dir: project.stateDir, clock });
}

/** What it holds now, for looking, if it is a checkpoint. @throws MillraceError as above. */
export async function readProjectCheckpoint(project: ProjectPlace): Promise<RunReader | undefined> {
  const checkpointer = await projectCheckpointer(project);
  return checkpointer && checkpointSnapshot(checkpointer, PROJECT_CHECKPOINT);
}

async function projectCheckpointer({ root, stateDir, packageJson }: ProjectPlace): Promise<Checkpointer | undefined> {
  const { checkpointer: named } = readSettings(packageJson, join(root, "package.json"));
  if (!named) return undefined;
  const registry = await loadObserverRegistry({ root, logs: join(stateDir, STATE_PATHS.logs) });
  const { checkpointer: use, parameters: params = {} } = named;
  return checkpointerFromConfig([{ at: "millrace.checkpointer", use, params }], registry);
}
