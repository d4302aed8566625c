/** The source that a command of projects names: a file of tasks, or a template (`.liquid`) and the settings that it is rendered with; either may be a pipeline's. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { MillraceError } from "@millrace/core";
import {
  layerSettings,
  type Pipeline,
  readSetting,
  readSettingsText,
  renderTasks,
  type Settings,
  type TemplatePartial,
} from "@millrace/jobs";
import { fileHashBelow } from "./file-hash.js";
import { type FoundPipeline, findPipelines, pipelineNamed } from "./find-pipelines.js";
import type { CommandPlace } from "./place-of-command.js";

/** What the command says of a source. */
export interface SourceOptions {
  /** Name of the source. Default: that of its pipeline, or the path of its file, up to the first dot of its name. */
  readonly source?: string;
  /** `[file:][type:]name=value` each. */
  readonly set: readonly string[];
  /** A YAML or JSON file, below what `set` says. */
  readonly settings?: string;
  /** `name[@version]`, in place of a file. */
  readonly pipeline?: string;
  /** Folders that pipelines are looked for in, before those of the project. */
  readonly pipelines: readonly string[];
}

/** A source as text. */
export interface ProjectSource {
  readonly name: string;
  readonly text: string;
  /** What messages call the text, since their lines are its own: the file, or what it was rendered to. */
  readonly title: string;
  /** Absent for files that the command names. */
  readonly pipeline?: FoundPipeline;
}

/** Settings of a project's folder, for all of its templates. */
const SETTINGS = "settings.yaml";

/**
 * The source that a command names; undefined if it names none.
 * @throws MillraceError `usage` for a file that cannot be read, `pipeline-not-found`, `setting-invalid`, `template-failed`, `project-invalid`.
 */
export async function projectSource(
  named: string | undefined,
  place: CommandPlace,
  options: SourceOptions,
): Promise<ProjectSource | undefined> {
  const pipeline =
    options.pipeline === undefined
      ? undefined
      : pipelineNamed(findPipelines(place, options.pipelines), options.pipeline);
  if (pipeline && named !== undefined) {
    throw new MillraceError("usage", `${named} and --pipeline ${options.pipeline} exclude each other.`, {
      hint: "A run merges one source: a file, or a pipeline.",
      data: { file: named, pipeline: options.pipeline },
    });
  }
  const file = pipeline ? fileOf(pipeline) : named;
  if (file === undefined) return undefined;
  const written = readText(
    file,
    pipeline && `The pipeline ${pipeline.name}@${pipeline.version} has it as its \`main\`.`,
  );
  const source = { name: options.source ?? pipeline?.name ?? ownerOf(file, place), ...(pipeline ? { pipeline } : {}) };
  if (!file.endsWith(".liquid")) {
    const [first = options.settings] = options.set;
    if (first === undefined) return { ...source, text: written, title: file };
    throw new MillraceError("usage", `${file} is no template: the setting ${first} has no place.`, {
      hint: "The name of a template ends with .liquid.",
      data: { file },
    });
  }
  const settings = settingsOf(place, options, pipeline);
  const fileHash = fileHashBelow(pipeline ? [pipeline.folder, place.root] : [place.root]);
  const text = await renderTasks(written, { file, settings, partials: partialsBeside(file), fileHash });
  return { ...source, text, title: `${file} (--render)` };
}

/** As messages name it: from the current folder. */
function fileOf({ folder, main }: FoundPipeline): string {
  return relative(process.cwd(), join(folder, main));
}

/** Its path from the project: files of two folders that have one name are two sources. */
function ownerOf(file: string, { root }: CommandPlace): string {
  const folder = relative(root, realpathSync(dirname(file)));
  return [...(folder === "" ? [] : folder.split(sep)), nameOf(file)].join("/");
}

function nameOf(file: string): string {
  return basename(file).split(".", 1)[0] ?? file;
}

/** The weakest first: of the pipeline, of the project's folder, of the command's file, of the command. */
function settingsOf({ root }: CommandPlace, { set, settings: file }: SourceOptions, pipeline?: Pipeline): Settings {
  const ofFolder = join(root, SETTINGS);
  return layerSettings(
    pipeline?.defaults ?? {},
    existsSync(ofFolder) ? readSettingsText(readText(ofFolder), relative(process.cwd(), ofFolder)) : {},
    file === undefined ? {} : readSettingsText(readText(file), file),
    ...set.map((given) => readGiven(given, { read: (path) => readFileSync(path, "utf8") })),
  );
}

function readGiven(given: string, files: { readonly read: (path: string) => string }): Settings {
  const [, key, text] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (key !== undefined && text !== undefined) return readSetting(key, text, files);
  throw new MillraceError("usage", `--set ${given} gives no value.`, {
    hint: "Write --set name=value, or with a type: --set int:threads=4.",
    data: { given },
  });
}

/** The other templates of its folder, by their names up to the first dot. */
function partialsBeside(file: string): Readonly<Record<string, TemplatePartial>> {
  const folder = dirname(file);
  const names = readdirSync(folder).filter((name) => name.endsWith(".liquid") && name !== basename(file));
  return Object.fromEntries(
    names.map((name) => [nameOf(name), { file: join(folder, name), text: readText(join(folder, name)) }]),
  );
}

function readText(file: string, hint = "Name a file of tasks; paths count from the current folder."): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new MillraceError("usage", `${file} cannot be read.`, {
      hint,
      data: { file },
      cause,
    });
  }
}
