/** The source that a command of projects names: a file of tasks, or a template (`.liquid`) and the settings that it is rendered with. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { MillraceError } from "@millrace/core";
import { layerSettings, readSetting, renderTasks, type Settings } from "@millrace/jobs";

/** What the command says of a source. */
export interface SourceOptions {
  /** Name of the source. Default: that of its file, up to the first dot. */
  readonly source?: string;
  /** `[file:][type:]name=value` each. */
  readonly set: readonly string[];
  /** A YAML or JSON file, below what `set` says. */
  readonly settings?: string;
}

/** A source as text. */
export interface ProjectSource {
  readonly name: string;
  readonly text: string;
}

/** @throws MillraceError `usage` for a file that cannot be read, `setting-invalid`, `template-failed`. */
export async function projectSource(file: string, options: SourceOptions): Promise<ProjectSource> {
  const written = readText(file);
  const name = options.source ?? basename(file).split(".", 1)[0] ?? file;
  if (!file.endsWith(".liquid")) {
    const [first = options.settings] = options.set;
    if (first === undefined) return { name, text: written };
    throw new MillraceError("usage", `${file} is no template: the setting ${first} has no place.`, {
      hint: "The name of a template ends with .liquid.",
      data: { file },
    });
  }
  const text = await renderTasks(written, { file, settings: settingsOf(options), partials: partialsBeside(file) });
  return { name, text };
}

function settingsOf({ set, settings: file }: SourceOptions): Settings {
  const files = { read: readText };
  // The one name stands for the whole mapping of the file.
  const { all } = file === undefined ? { all: {} } : readSetting("file:yaml:all", file, files);
  if (typeof all !== "object" || all === null || Array.isArray(all)) {
    throw new MillraceError("setting-invalid", `${file} holds no settings: it is no mapping.`, {
      hint: "Write `name: value` lines.",
      data: { file },
    });
  }
  return layerSettings(all as Settings, ...set.map((given) => readGiven(given, files)));
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
function partialsBeside(file: string): Readonly<Record<string, string>> {
  const folder = dirname(file);
  const names = readdirSync(folder).filter((name) => name.endsWith(".liquid") && name !== basename(file));
  return Object.fromEntries(
    names.map((name) => [name.split(".", 1)[0] ?? name, readFileSync(join(folder, name), "utf8")]),
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new MillraceError("usage", `${file} cannot be read.`, {
      hint: "Name a file of tasks; paths count from the current folder.",
      data: { file },
      cause,
    });
  }
}
