/** The run that "go on" means when none is named. */
import type { RunId, RunSummary } from "@millrace/core";
import type { CommandPlace } from "../project/place-of-command.js";
import { withStore } from "./open-store.js";

/** The newest run that neither succeeded nor was cancelled and that no living process owns; undefined if there is none. */
export async function newestUnfinished(place: CommandPlace, flow?: string): Promise<RunId | undefined> {
  const runs = await withStore(place, (store) => store.list(flow === undefined ? {} : { flow }));
  return runs?.find(canGoOn)?.id;
}

/** True for runs that `flow resume` goes on with by default. */
export function canGoOn({ state, owner }: RunSummary): boolean {
  return state !== "succeeded" && state !== "aborted" && owner === undefined;
}
