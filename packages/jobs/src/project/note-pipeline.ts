/** Which pipeline a source was made of: noted in the project, so that a later run of its tasks finds what they need. */
import type { Pipeline } from "./read-pipeline.js";
import type { RecordedProject } from "./recorded-project.js";

/** Notes it, or, without one, that the source is no pipeline's. No task changes. */
export function notePipeline(
  { pipelines, ...project }: RecordedProject,
  source: string,
  pipeline?: Pick<Pipeline, "name" | "version">,
): RecordedProject {
  const others = (pipelines ?? []).filter((one) => one.source !== source);
  const now = pipeline ? [...others, { source, name: pipeline.name, version: pipeline.version }] : others;
  return { ...project, ...(now.length === 0 ? {} : { pipelines: now }) };
}
