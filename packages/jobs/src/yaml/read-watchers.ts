/** Who watches the runs of a job: `loggers` and `extensions`, and where their names are looked for. Nothing is loaded here: that is the affair of whoever runs the job. */
import { FieldReader, fieldsOf, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import { type FieldsTree, plainValue, type Tree } from "./tree.js";

/** One logger or extension. */
export interface WatcherEntry {
  /** Where it stands: `loggers.slack`. */
  readonly at: string;
  /** Name of a built-in, or of what a module exports. */
  readonly use: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a job file says about those who watch its runs. */
export interface JobWatchers {
  /** Undefined if the file has no `loggers`: then those of the project watch. */
  readonly loggers: readonly WatcherEntry[] | undefined;
  readonly extensions: readonly WatcherEntry[];
  /** Folders with modules that export some, from that of the project. */
  readonly directories: readonly string[];
  /** Installed packages that export some. */
  readonly packages: readonly string[];
}

/** Parameters of the ancestor's file logger, and what they are called here. */
const FILE_LOGGER: Readonly<Record<string, string>> = { base_log_dir: "dir", retention_days: "retentionDays" };

/** Reads them. */
export function readWatchers(job: FieldsTree, config: FieldReader, report: ReportFinding): JobWatchers {
  const root = new FieldReader(job, "", report);
  return {
    loggers: readEntries(root, "loggers", "logger", report),
    extensions: readEntries(root, "extensions", "extension", report) ?? [],
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
  return [...entries.fields.keys()].flatMap((name) => {
    const at = `${section}.${name}`;
    const tree = new FieldReader(entries, section, report).take(name, `{ ${kind}, parameters }`, fieldsOf);
    if (!tree) return [];
    const fields = new FieldReader(tree, at, report);
    const clean = fields.expect([kind, "parameters", "params"]);
    const use = fields.take(kind, "a name", textOf);
    // A field that there is not may be this one, misspelt.
    if (clean && !fields.field(kind)) {
      report({ code: "job-invalid", span: tree.span, message: `"${at}" lacks "${kind}": the name of what it is.` });
    }
    const params = fields.take("parameters", "a mapping", fieldsOf) ?? fields.take("params", "a mapping", fieldsOf);
    return use === undefined ? [] : [{ at, use, params: paramsOf(use, params) }];
  });
}

function paramsOf(use: string, params: FieldsTree | undefined): Readonly<Record<string, unknown>> {
  const names = use === "FileLogger" ? FILE_LOGGER : {};
  const given = [...(params?.fields ?? [])];
  return Object.fromEntries(given.map(([name, { value }]) => [names[name] ?? name, plainValue(value)]));
}

function textsOf(tree: Tree): readonly string[] | undefined {
  if (tree.kind !== "list") return undefined;
  const texts = tree.items.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
