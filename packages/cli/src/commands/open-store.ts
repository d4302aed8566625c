/** Opens a project's store for looking, without an engine and without making one where there is none. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { MillraceError, type RunId, type RunStore, STATE_PATHS } from "@millrace/core";
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

/** A run that the store does not have. */
export function unknownRun(id: string, place: CommandPlace, known: readonly RunId[]): MillraceError {
  const list = known.slice(0, 5).join(", ");
  return new MillraceError("unknown-run", `There is no run "${id}" in ${place.stateDir}.`, {
    hint: known.length === 0 ? "Nothing has run here yet." : `The newest are ${list}. \`flow runs\` lists all.`,
    data: { run: id },
  });
}
