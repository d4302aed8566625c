/** `flow rm <run…>`. */
import { EXIT, type ExitCode, formatCount, type RmDocument } from "@millrace/core";
import { printJson, say } from "../output/streams.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Deletes runs with their steps, values and logs. All are looked up before the first is deleted. */
export async function rm(ids: readonly string[], options: CommonOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const { deleteRun } = await import("@millrace/runtime");
  const removed = await withStore(place, async (store) => {
    const known = await store.list();
    const runs = new Set(ids.map((id) => runOrNewest(known, id).id));
    for (const run of runs) await deleteRun(store, place.stateDir, run);
    return [...runs];
  });
  if (removed === undefined) throw noSuchRun(ids[0], []);
  if (options.json) printJson({ runs: removed } satisfies RmDocument);
  else say(`Deleted ${formatCount(removed.length, "run")}.`);
  return EXIT.success;
}
