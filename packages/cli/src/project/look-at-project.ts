/** The recorded project for those who only look: nobody is waited for, and nothing is changed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RunId, type RunStore, STATE_PATHS } from "@millrace/core";
import { foldOutcome, type RecordedProject, type TaskStep } from "@millrace/jobs";
import { openSqliteStore, readSteps } from "@millrace/runtime";
import type { CommandPlace } from "./place-of-command.js";
import { loadProject } from "./project-record.js";

/**
 * The project as it stands now: with what the run that is under way has on record, or the one that was cut off.
 * @throws MillraceError as loadProject, and those of a store.
 */
export async function lookAtProject(place: CommandPlace): Promise<RecordedProject> {
  const project = loadProject(place);
  const run = project.run as RunId | undefined;
  if (run === undefined || !existsSync(join(place.stateDir, STATE_PATHS.database))) return project;
  const store = await openSqliteStore({ dir: place.stateDir });
  try {
    const [summary] = await store.list({ run });
    return summary ? { ...foldOutcome(project, await stepsOf(store, run)), run } : project;
  } finally {
    await store.close();
  }
}

/** What a run of a project has on record of its steps. */
export async function stepsOf(store: RunStore, run: RunId): Promise<readonly TaskStep[]> {
  const steps: TaskStep[] = [];
  for await (const step of readSteps(run, () => store.read(run))) steps.push(step);
  return steps;
}
