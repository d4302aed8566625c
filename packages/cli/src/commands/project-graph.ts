/** `flow project graph [selector…]`: the tasks of a project with what became of them, as a picture or as a document that graph tools read. */
import type { ExitCode } from "@millrace/core";
import { projectPicture, selectTasks, writeProject } from "@millrace/jobs";
import { lookAtProject } from "../project/look-at-project.js";
import { placeOfRecord } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { formatOf, type PictureOptions, putPicture, renderJob } from "./job-picture.js";

/** Draws the tasks that any of the selectors means, by default all; orphaned ones stand in the document alone. */
export async function projectGraph(
  selectors: readonly string[],
  options: CommonOptions & PictureOptions,
): Promise<ExitCode> {
  const project = await lookAtProject(placeOfRecord(options.cwd));
  const tasks = selectors.length === 0 ? project.tasks : selectTasks(project, selectors);
  const format = formatOf(options);
  const text =
    format === "json"
      ? writeProject({ tasks, history: [] }, "json")
      : await renderJob(projectPicture(project, tasks), format);
  return putPicture(text, options);
}
