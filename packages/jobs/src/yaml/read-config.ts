/** What concerns the job as a whole: `version` and `config`, and who watches its runs. */
import { FAILURE_POLICIES } from "@millrace/core";
import { durationOf, FieldReader, fieldsOf, integerOf, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import { type JobSettings, RULES_FIELDS } from "./read-rules.js";
import { type JobWatchers, readWatchers } from "./read-watchers.js";
import type { SourceMap } from "./source-map.js";
import { type FieldsTree, noFields, type Tree } from "./tree.js";

/** Fields of a job file; `include` and `aliases` have been dealt with before. */
export const JOB_FIELDS: readonly string[] = [
  "version",
  "config",
  "include",
  "tasks",
  "loggers",
  "extensions",
  "checkpointer",
  "aliases",
];

/** Fields of `config`. */
export const CONFIG_FIELDS: readonly string[] = [
  "name",
  "max_concurrency",
  "policy",
  "timeout",
  "extension_directories",
  "extension_packages",
];

/** Versions of the file: 0.1 is what the ancestor's files say. */
export const JOB_VERSIONS: readonly number[] = [0.1, 1];

const AT_ONCE = "has no meaning here: whatever happens is told at once";

const REFUSED_CONFIG = {
  synchro_interval_seconds: AT_ONCE,
  loggers_interval_seconds: AT_ONCE,
  extensions_interval_seconds: AT_ONCE,
  checkpointer_interval_seconds: "has no meaning here: a step is on record before anything follows from it",
};

/** What there is beside the tasks. */
export interface JobConfig {
  readonly settings: JobSettings;
  readonly watchers: JobWatchers;
  /** The file has no fields that it must not have. */
  readonly wholly: boolean;
}

/** Reads it. */
export function readConfig(job: FieldsTree, places: SourceMap, report: ReportFinding): JobConfig {
  const root = new FieldReader(job, "", report);
  const wholly = root.expect(root.field("rules") ? [...JOB_FIELDS, ...RULES_FIELDS] : JOB_FIELDS);
  root.take("version", `one of ${JOB_VERSIONS.join(", ")}`, (tree) => JOB_VERSIONS.find((one) => one === plain(tree)));
  const tree = root.take("config", "a mapping", fieldsOf) ?? noFields(job.span);
  const config = new FieldReader(tree, "config", report);
  config.expect(CONFIG_FIELDS, REFUSED_CONFIG);
  const name = config.take("name", "a text", textOf);
  const policy = config.take("policy", `one of ${FAILURE_POLICIES.join(", ")}`, (one) =>
    FAILURE_POLICIES.find((known) => known === plain(one)),
  );
  const timeout = config.take("timeout", 'a duration with its unit, such as "30m"', durationOf);
  // None, as in the ancestor's files.
  const window = config.take("max_concurrency", "a whole number; 0 is no limit", integerOf) ?? 0;
  const nameSpan = config.field("name")?.value.span;
  if (nameSpan) places.set("name", { name: "config.name", span: nameSpan });
  const settings: JobSettings = {
    ...(name === undefined ? {} : { name }),
    ...(policy === undefined ? {} : { policy }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(window < 1 ? {} : { window }),
  };
  return { settings, watchers: readWatchers(job, config, { places, report }), wholly };
}

function plain(tree: Tree): unknown {
  return tree.kind === "leaf" ? tree.value : undefined;
}
