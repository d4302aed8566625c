/** Who watches the runs of a job and where they are kept: `loggers`, `extensions`, `checkpointer`, and where their names are looked for. Nothing is loaded here: that is the affair of whoever runs the job. */
import type { Span } from "@millrace/core";
import { FieldReader, fieldsOf, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import { type FieldsTree, plainValue, type Tree } from "./tree.js";

/** One logger, extension or checkpointer. */
export interface WatcherEntry {
  /** Where it stands: `loggers.slack`. */
  readonly at: string;
  /** Name of a built-in, or of what a module exports. */
  readonly use: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of the name, for what only the module can tell. */
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
const BUILT_IN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  FileLogger: { base_log_dir: "dir", retention_days: "retentionDays" },
  FileCheckpointer: { checkpoint_dir: "dir" },
};

/** Reads them. */
export function readWatchers(job: FieldsTree, config: FieldReader, report: ReportFinding): JobWatchers {
  const root = new FieldReader(job, "", report);
  return {
    loggers: readEntries(root, "loggers", "logger", report),
    extensions: readEntries(root, "extensions", "extension", report) ?? [],
    checkpointer: readEntry(root, "checkpointer", "checkpointer", report),
    directories: config.take("extension_directories", "a list of folders", textsOf) ?? [],
    packages: config.take("extension_packages", "a list of packages", textsOf) ?? [],
  };
}

function readEntries(
  root: FieldReader,
  section: string,
  kind: string,
  report: ReportFinding,
): readonly WatcherEntry[] | undefined {
  const words = `a mapping such as { files: { ${kind}: ${kind === "logger" ? "FileLogger" : "MyExtension"} } }`;
  const entries = root.take(section, words, fieldsOf);
  if (!entries) return undefined;
  const reader = new FieldReader(entries, section, report);
  return [...entries.fields.keys()].flatMap((name) => readEntry(reader, name, kind, report) ?? []);
}

function readEntry(around: FieldReader, name: string, kind: string, report: ReportFinding): WatcherEntry | undefined {
  const words =
    kind === "checkpointer" ? "one { checkpointer, parameters }: runs have one home" : `{ ${kind}, parameters }`;
  const tree = around.take(name, words, fieldsOf);
  if (!tree) return undefined;
  const at = around.nameOf(name);
  const fields = new FieldReader(tree, at, report);
  const clean = fields.expect([kind, "parameters", "params"]);
  const use = fields.take(kind, "a name", textOf);
  const named = fields.field(kind);
  // A field that there is not may be this one, misspelt.
  if (clean && !named)
    report({ code: "job-invalid", span: tree.span, message: `"${at}" lacks "${kind}": the name of what it is.` });
  const params = fields.take("parameters", "a mapping", fieldsOf) ?? fields.take("params", "a mapping", fieldsOf);
  return use === undefined || !named ? undefined : { at, use, params: paramsOf(use, params), span: named.value.span };
}

function paramsOf(use: string, params: FieldsTree | undefined): Readonly<Record<string, unknown>> {
  const names = Object.hasOwn(BUILT_IN, use) ? (BUILT_IN[use] ?? {}) : {};
  const given = [...(params?.fields ?? [])];
  return Object.fromEntries(given.map(([name, { value }]) => [names[name] ?? name, plainValue(value)]));
}

function textsOf(tree: Tree): readonly string[] | undefined {
  if (tree.kind !== "list") return undefined;
  const texts = tree.items.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
