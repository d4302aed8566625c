/** What tasks of pipelines have beside their own variables. No part of what tasks are: another version of a pipeline does not run again what is done. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { RecordedProject, RecordedTask } from "@millrace/jobs";
import { type FoundPipeline, findPipelines, pipelineNamed } from "./find-pipelines.js";
import type { CommandPlace } from "./place-of-command.js";

type Variables = Readonly<Record<string, string>>;

/**
 * Finds the pipelines of all tasks that are to run.
 * @param given Folders to search first.
 * @throws MillraceError `pipeline-not-found`, `usage`.
 */
export function pipelineVariables(
  place: CommandPlace,
  project: RecordedProject,
  given: readonly string[],
): (task: RecordedTask) => Variables {
  const open = new Set(
    project.tasks.filter(({ state }) => state === "new" || state === "pending").map(({ source }) => source),
  );
  const needed = (project.pipelines ?? []).filter(({ source }) => open.has(source));
  if (needed.length === 0) return () => ({});
  const found = findPipelines(place, given);
  const bySource = new Map(
    needed.map(({ source, name, version }) => [source, pipelineNamed(found, `${name}@${version}`)]),
  );
  return ({ source, directives }) => {
    const pipeline = bySource.get(source);
    return pipeline ? variablesOf(pipeline, directives.container !== undefined) : {};
  };
}

function variablesOf({ name, version, folder }: FoundPipeline, inContainer: boolean): Variables {
  const named = { MILLRACE_PIPELINE: name, MILLRACE_PIPELINE_VERSION: version };
  // Paths of this machine mean nothing inside.
  if (inContainer) return named;
  const bin = join(folder, "bin");
  const path = existsSync(bin) ? { PATH: [bin, process.env.PATH ?? ""].join(delimiter) } : {};
  return { ...named, MILLRACE_PIPELINE_PATH: folder, ...path };
}
