/** Opens a project's store for looking, without an engine and without making one where there is none. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RunStore, STATE_PATHS } from "@millrace/core";
import type { CommandPlace } from "../project/place-of-command.js";

/** Calls `look` with the store and closes it; undefined if nothing has ever run here. */
export async function withStore<T>(place: CommandPlace, look: (store: RunStore) => Promise<T>): Promise<T | undefined> {
  if (!existsSync(join(place.stateDir, STATE_PATHS.database))) return undefined;
  const { openSqliteStore } = await import("@millrace/runtime");
  const store = await openSqliteStore({ dir: place.stateDir });
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}
