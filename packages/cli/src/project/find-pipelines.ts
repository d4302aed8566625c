/** The pipelines that a command can name: every folder with a `pipeline.yaml`, at any depth of the folders that are searched. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { errorSummary, MillraceError, readSettings } from "@millrace/core";
import { choosePipeline, type Pipeline, readPipeline } from "@millrace/jobs";
import { type CommandPlace, packageJsonOf } from "./place-of-command.js";

/** A pipeline on the disk. */
export interface FoundPipeline extends Pipeline {
  /** Folder of its manifest. Absolute. */
  readonly folder: string;
}

/** What a search has found. */
export interface FoundPipelines {
  /** In the order of the folders that were searched, in one by their paths. */
  readonly pipelines: readonly FoundPipeline[];
  /** Manifests that are none. */
  readonly broken: readonly BrokenPipeline[];
}

/** A manifest that cannot be read. */
export interface BrokenPipeline {
  readonly file: string;
  readonly message: string;
}

const MANIFEST = "pipeline.yaml";

/**
 * Looks for them: in the folders that the command names, then in those of `millrace.pipelines` in the package.json, by default `pipelines`.
 * @param given Folders, from the current one.
 * @throws MillraceError `usage` for a folder that cannot be read, unless it is the default.
 */
export function findPipelines(place: CommandPlace, given: readonly string[]): FoundPipelines {
  const named = readSettings(packageJsonOf(place), join(place.root, "package.json")).pipelines;
  const usual = join(place.root, "pipelines");
  const folders = [
    ...given.map((folder) => resolve(folder)),
    ...(named?.map((folder) => resolve(place.root, folder)) ?? (isFolder(usual) ? [usual] : [])),
  ];
  const pipelines: FoundPipeline[] = [];
  const broken: BrokenPipeline[] = [];
  for (const folder of new Set(folders.flatMap((one) => manifestsBelow(one)))) {
    const file = join(folder, MANIFEST);
    const shown = relative(process.cwd(), file) || file;
    try {
      pipelines.push({ ...readPipeline(readFileSync(file, "utf8"), shown), folder });
    } catch (error) {
      broken.push({ file: shown, message: errorSummary(error).message });
    }
  }
  return { pipelines, broken };
}

/** The one that is meant. @throws MillraceError `pipeline-not-found`, which tells of the first manifest that is none. */
export function pipelineNamed({ pipelines, broken }: FoundPipelines, wanted: string): FoundPipeline {
  try {
    return choosePipeline(pipelines, wanted);
  } catch (error) {
    // It may be the one that is meant.
    const [first] = broken;
    if (!(error instanceof MillraceError) || !first) throw error;
    throw new MillraceError("pipeline-not-found", `${error.message} ${first.file} is no pipeline:\n${first.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      data: error.data,
    });
  }
}

/** The folders at and below one that have a manifest, by their paths. Links are not followed. */
function manifestsBelow(folder: string): readonly string[] {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(folder);
  } catch (cause) {
    throw new MillraceError("usage", `The folder ${folder} cannot be searched for pipelines.`, {
      hint: "Pipelines are looked for in the folders of --pipelines, and of `millrace.pipelines` in the package.json.",
      data: { folder },
      cause,
    });
  }
  const here = entries.some((entry) => entry.name === MANIFEST && entry.isFile()) ? [folder] : [];
  const below = entries.filter((entry) => entry.isDirectory() && !PASSED.test(entry.name));
  return [...here, ...below.flatMap(({ name }) => manifestsBelow(join(folder, name)))];
}

/** Folders that hold what others have made. */
const PASSED = /^(?:\..*|node_modules)$/;

function entriesOf(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
