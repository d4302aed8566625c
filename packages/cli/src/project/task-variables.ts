/**
 * What tasks have beside their own variables: where their project is, and of which pipeline they are. No part of what tasks are: another version
 * of a pipeline, or another folder, does not run again what is done.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { RecordedProject, RecordedTask, SourcePipeline } from "@millrace/jobs";
import { type FoundPipeline, type FoundPipelines, findPipelines, pipelineNamed } from "./find-pipelines.js";
import type { CommandPlace } from "./place-of-command.js";

type Variables = Readonly<Record<string, string>>;

/**
 * Finds the pipelines of all tasks that are to run.
 * @param given Folders to search first.
 * @throws MillraceError `pipeline-not-found`, `usage`.
 */
export function taskVariables(
  place: CommandPlace,
  project: RecordedProject,
  given: readonly string[],
): (task: RecordedTask) => Variables {
  const open = new Set(
    project.tasks.filter(({ state }) => state === "new" || state === "pending").map(({ source }) => source),
  );
  const needed = (project.pipelines ?? []).filter(({ source }) => open.has(source));
  const bySource =
    needed.length === 0 ? new Map<string, FoundPipeline>() : pipelinesOf(needed, findPipelines(place, given));
  return ({ source, directives }) => {
    const pipeline = bySource.get(source);
    const named = pipeline ? { MILLRACE_PIPELINE: pipeline.name, MILLRACE_PIPELINE_VERSION: pipeline.version } : {};
    // Paths of this machine mean nothing in a container.
    if (directives.container !== undefined) return named;
    return { MILLRACE_PROJECT: place.root, ...named, ...(pipeline ? pathsOf(pipeline) : {}) };
  };
}

function pipelinesOf(sources: readonly SourcePipeline[], found: FoundPipelines): ReadonlyMap<string, FoundPipeline> {
  return new Map(sources.map(({ source, name, version }) => [source, pipelineNamed(found, `${name}@${version}`)]));
}

function pathsOf({ folder }: FoundPipeline): Variables {
  const bin = join(folder, "bin");
  const path = existsSync(bin) ? { PATH: [bin, process.env.PATH ?? ""].join(delimiter) } : {};
  return { MILLRACE_PIPELINE_PATH: folder, ...path };
}
