/** Who watches the runs of a job and where they are kept: `loggers`, `extensions`, `checkpointer`, and where their names are looked for. Nothing is loaded here: that is the affair of whoever runs the job. */
import type { Span } from "@millrace/core";
import { FieldReader, fieldsOf, isOpen, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import type { JobPlace, SourceMap } from "./source-map.js";
import { type FieldsTree, holdsOpen, plainValue, type Tree, wholeField } from "./tree.js";

/** One logger, extension or checkpointer. */
export interface WatcherEntry {
  /** Where it stands: `loggers.slack`. */
  readonly at: string;
  /** Name of a built-in, or of what a module exports. */
  readonly use: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of the name, for what is found when it is made. */
  readonly span: Span;
}

/** What a job file says about those who watch its runs, and about where they are kept. */
export interface JobWatchers {
  /** Undefined if the file has no `loggers`: then those of the project watch. */
  readonly loggers: readonly WatcherEntry[] | undefined;
  readonly extensions: readonly WatcherEntry[];
  /** Undefined if the file has none: then runs are kept where those of the project are. */
  readonly checkpointer: WatcherEntry | undefined;
  /** Folders with modules that export some, from that of the project. */
  readonly directories: readonly string[];
  /** Installed packages that export some. */
  readonly packages: readonly string[];
}

/** Parameters of the ancestor's built-ins, and what they are called here. */
export const OTHER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  FileLogger: { base_log_dir: "dir", retention_days: "retentionDays" },
  FileCheckpointer: { checkpoint_dir: "dir" },
};

/** What they are read into. Places: `loggers.slack`, of the name; `loggers.slack.parameters` and what is in them; `config.extension_packages[0]`. */
export interface WatchersTarget {
  readonly places: SourceMap;
  readonly report: ReportFinding;
}

/** Reads them. */
export function readWatchers(job: FieldsTree, config: FieldReader, target: WatchersTarget): JobWatchers {
  const root = new FieldReader(job, "", target.report);
  return {
    loggers: readEntries(root, "loggers", "logger", target),
    extensions: readEntries(root, "extensions", "extension", target) ?? [],
    checkpointer: readEntry(root, "checkpointer", "checkpointer", target),
    directories: readTexts(config, "extension_directories", "a list of folders", target),
    packages: readTexts(config, "extension_packages", "a list of packages", target),
  };
}

function readTexts(config: FieldReader, field: string, words: string, { places }: WatchersTarget): readonly string[] {
  const texts = config.take(field, words, textsOf) ?? [];
  const tree = config.field(field)?.value;
  if (tree?.kind === "list") placeWithin(config.nameOf(field), tree, places);
  return texts;
}

function readEntries(
  root: FieldReader,
  section: string,
  kind: string,
  target: WatchersTarget,
): readonly WatcherEntry[] | undefined {
  const words = `a mapping such as { files: { ${kind}: ${kind === "logger" ? "FileLogger" : "MyExtension"} } }`;
  const entries = root.take(section, words, fieldsOf);
  if (!entries) return undefined;
  const reader = new FieldReader(entries, section, target.report);
  return [...entries.fields.keys()].flatMap((name) => readEntry(reader, name, kind, target) ?? []);
}

function readEntry(
  around: FieldReader,
  name: string,
  kind: string,
  { places, report }: WatchersTarget,
): WatcherEntry | undefined {
  const words =
    kind === "checkpointer" ? "one { checkpointer, parameters }: runs have one home" : `{ ${kind}, parameters }`;
  const tree = around.take(name, words, fieldsOf);
  if (!tree) return undefined;
  const at = around.nameOf(name);
  const fields = new FieldReader(tree, at, report);
  const clean = fields.expect([kind, "parameters"]);
  const use = fields.take(kind, "a name", textOf);
  const named = fields.field(kind);
  // A field that there is not may be this one, misspelt.
  if (clean && !named)
    report({ code: "job-invalid", span: tree.span, message: `"${at}" lacks "${kind}": the name of what it is.` });
  const params = fields.take("parameters", "a mapping", fieldsOf);
  if (use === undefined || !named) return undefined;
  places.set(at, { name: at, span: named.value.span, open: isOpen(named.value) });
  const field = fields.field("parameters");
  const names = Object.hasOwn(OTHER_NAMES, use) ? (OTHER_NAMES[use] ?? {}) : {};
  places.set(`${at}.parameters`, { name: fields.nameOf("parameters"), span: field?.key ?? named.value.span });
  for (const [own, inner] of params?.fields ?? []) {
    const place = { name: `${fields.nameOf("parameters")}.${own}`, span: wholeField(inner) };
    placeWithin(`${at}.parameters.${names[own] ?? own}`, inner.value, places, place);
  }
  return { at, use, params: paramsOf(names, params), span: named.value.span };
}

/** A value and what is in it. */
function placeWithin(
  path: string,
  tree: Tree,
  places: SourceMap,
  place: JobPlace = { name: path, span: tree.span },
): void {
  places.set(path, { ...place, open: holdsOpen(tree) });
  if (tree.kind === "list")
    for (const [i, item] of tree.items.entries())
      placeWithin(`${path}[${i}]`, item, places, { name: `${place.name}[${i}]`, span: item.span });
  if (tree.kind === "fields")
    for (const [key, field] of tree.fields)
      placeWithin(`${path}.${key}`, field.value, places, { name: `${place.name}.${key}`, span: wholeField(field) });
}

function paramsOf(
  names: Readonly<Record<string, string>>,
  params: FieldsTree | undefined,
): Readonly<Record<string, unknown>> {
  const given = [...(params?.fields ?? [])];
  return Object.fromEntries(given.map(([name, { value }]) => [names[name] ?? name, plainValue(value)]));
}

function textsOf(tree: Tree): readonly string[] | undefined {
  if (tree.kind !== "list") return undefined;
  const texts = tree.items.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
