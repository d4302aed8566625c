/** `flow project pipelines`: what `flow project run --pipeline` can name. */
import { EXIT, type ExitCode } from "@millrace/core";
import { choosePipeline, isDevelopment } from "@millrace/jobs";
import { print, printJson, say } from "../output/streams.js";
import { tableLines } from "../output/table.js";
import { type FoundPipeline, findPipelines } from "../project/find-pipelines.js";
import { placeOfNewProject } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";

/** Options of `flow project pipelines`. */
export interface PipelinesOptions extends CommonOptions {
  /** Folders to search first. */
  readonly pipelines: readonly string[];
}

/** Lists the pipelines that are found, and says which manifests are none. */
export async function projectPipelines({ cwd, json, pipelines: given }: PipelinesOptions): Promise<ExitCode> {
  const { pipelines, broken } = findPipelines(placeOfNewProject(cwd), given);
  if (json) {
    const listed = pipelines.map(({ name, version, main, folder }) => ({ name, version, main, folder }));
    printJson({ pipelines: listed, broken });
    return EXIT.success;
  }
  for (const { file, message } of broken) say(`warning: ${file} is no pipeline: ${message}`);
  if (pipelines.length === 0) say("There are no pipelines: no folder that is searched holds a pipeline.yaml.");
  else print(tableOf(pipelines).join("\n"));
  return EXIT.success;
}

function tableOf(pipelines: readonly FoundPipeline[]): readonly string[] {
  const columns = [{ title: "PIPELINE" }, { title: "VERSION" }, { title: "ALSO" }, { title: "FOLDER" }];
  return tableLines(
    columns,
    pipelines.map((one) => [one.name, one.version, aliasOf(one, pipelines), one.folder]),
  );
}

/** The word that means this version now. */
function aliasOf(one: FoundPipeline, pipelines: readonly FoundPipeline[]): string {
  const word = isDevelopment(one) ? "dev" : "latest";
  return choosePipeline(pipelines, `${one.name}@${word}`) === one ? word : "";
}
