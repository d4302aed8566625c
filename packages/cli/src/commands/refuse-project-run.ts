/** Runs of a project of commands are no business of `flow resume`: what one has left is for the next, with the tasks as they are then. */
import { MillraceError, type RunId } from "@millrace/core";
import type { CommandPlace } from "../project/place-of-command.js";
import { loadProject } from "../project/project-record.js";
import { withStore } from "./open-store.js";

/** @throws MillraceError `run-not-resumable` for a run of the project that is on record here. */
export async function refuseProjectRun(place: CommandPlace, run: string): Promise<void> {
  const [summary] = (await withStore(place, (store) => store.list({ run: run as RunId }))) ?? [];
  // Runs of projects are those that need no build.
  if (summary?.build !== "none" || loadProject(place).tasks.length === 0) return;
  throw new MillraceError("run-not-resumable", `Run ${run} is one of the project of commands in ${place.root}.`, {
    hint: "`flow project run` goes on with what it has left; with --retry it also tries again what has failed.",
    data: { run },
  });
}
