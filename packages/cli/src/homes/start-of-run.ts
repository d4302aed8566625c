/** How a run began, by its record. */
import type { RunId, RunOrigin } from "@millrace/core";
import { withStore } from "../commands/open-store.js";
import type { CommandPlace } from "../project/place-of-command.js";

/** A run that has begun. */
export interface StartedRun {
  readonly run: RunId;
  readonly flow: string;
  /** The file that it was started from, if it was. */
  readonly origin: RunOrigin | undefined;
}

/** Undefined for a run that nobody knows. */
export async function startOfRun(place: CommandPlace, id: string): Promise<StartedRun | undefined> {
  return withStore(place, async (store) => {
    const summary = (await store.list()).find((run) => run.id === id);
    if (!summary) return undefined;
    for await (const fact of store.read(summary.id)) {
      const origin = fact.kind === "run-started" ? fact.origin : undefined;
      return { run: summary.id, flow: summary.flow, origin };
    }
    return undefined;
  });
}
