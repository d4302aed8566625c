/** What concerns the job as a whole: `version`, `config`, and the sections that this version does not run. */
import { FAILURE_POLICIES, type JobGraph } from "@millrace/core";
import { durationOf, FieldReader, fieldsOf, integerOf, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import type { SourceMap } from "./source-map.js";
import { type FieldsTree, noFields, type Tree } from "./tree.js";

/** Fields of a job file; `include` and `aliases` have been dealt with before. */
export const JOB_FIELDS: readonly string[] = ["version", "config", "include", "tasks", "aliases"];

/** Fields of `config`. */
export const CONFIG_FIELDS: readonly string[] = ["name", "max_concurrency", "policy", "timeout"];

/** Versions of the file: 0.1 is what the ancestor's files say. */
export const JOB_VERSIONS: readonly number[] = [0.1, 1];

const NOT_RUN = "is not run by this version: observers are given to openEngine, and the engine keeps its own record";
const FOUND_BY_BUILD = "has no meaning here: `flow build` finds the tasks of the project by itself";
const AT_ONCE = "has no meaning here: whatever happens is told at once";

const REFUSED_SECTIONS = { loggers: NOT_RUN, extensions: NOT_RUN, checkpointer: NOT_RUN };
const REFUSED_CONFIG = {
  extension_directories: FOUND_BY_BUILD,
  extension_packages: FOUND_BY_BUILD,
  synchro_interval_seconds: AT_ONCE,
  loggers_interval_seconds: AT_ONCE,
  extensions_interval_seconds: AT_ONCE,
  checkpointer_interval_seconds: AT_ONCE,
};

/** What the graph is besides its nodes and edges. */
export type JobSettings = Pick<JobGraph, "name" | "policy" | "timeout" | "window">;

/** Reads them. */
export function readConfig(job: FieldsTree, places: SourceMap, report: ReportFinding): JobSettings {
  const root = new FieldReader(job, "", report);
  root.expect(JOB_FIELDS, REFUSED_SECTIONS);
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
  return {
    ...(name === undefined ? {} : { name }),
    ...(policy === undefined ? {} : { policy }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(window < 1 ? {} : { window }),
  };
}

function plain(tree: Tree): unknown {
  return tree.kind === "leaf" ? tree.value : undefined;
}
