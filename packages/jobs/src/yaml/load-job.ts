/** Job files as something that the engine can start. */
import {
  compareDiagnostics,
  type Diagnostic,
  graphName,
  type JobBuild,
  listed,
  MillraceError,
  rulesName,
  type ToJobGraph,
  type ToRuleSet,
} from "@millrace/core";
import { jobFindings } from "./check-job.js";
import { type JobDocument, type JobFileOptions, readJob } from "./read-job.js";
import type { JobWatchers } from "./read-watchers.js";

/** What jobs of tasks and jobs of rules have in common. */
export interface NamedJob {
  /** `config.name`, else the name of the file without its ending. */
  readonly name: string;
  /** Who watches its runs, by the file: for whoever opens the engine, whose observers they are. */
  readonly watchers: JobWatchers;
}

/** A job that has been read: `engine.start(loadJob("job.yaml"))`. */
export interface YamlJob extends NamedJob, ToJobGraph {}

/** A job of rules that has been read: `engine.start(loadRules("rules.yaml"))`. */
export interface YamlRules extends NamedJob, ToRuleSet {}

/**
 * Reads a job file and all that it includes. Whether the build has its tasks, and they take what they are given, is checked when it is started, or by
 * `checkJob`.
 * @throws MillraceError `job-invalid`, whose data lists all findings with file, line and column.
 */
export function loadJob(file: string, options: JobFileOptions = {}): YamlJob {
  const { document, watchers, shown, check } = readWhole(file, options);
  if ("rules" in document) throw ofOtherKind(shown, "rules", "loadRules");
  return { name: graphName(document.graph), watchers, check, toJobGraph: () => document.graph };
}

/** The same for a job of rules. @throws MillraceError `job-invalid`. */
export function loadRules(file: string, options: JobFileOptions = {}): YamlRules {
  const { document, watchers, shown, check } = readWhole(file, options);
  if ("graph" in document) throw ofOtherKind(shown, "tasks", "loadJob");
  return { name: rulesName(document.rules), watchers, check, toRuleSet: () => document.rules };
}

interface WholeJob extends Pick<NamedJob, "watchers"> {
  readonly document: JobDocument;
  readonly shown: string;
  /** Against the build of whoever starts it. @throws MillraceError `job-invalid`. */
  check(build: JobBuild): void;
}

function readWhole(file: string, options: JobFileOptions): WholeJob {
  const reading = readJob(file, options);
  const { document, watchers, diagnostics, file: shown } = reading;
  if (!document || !watchers || diagnostics.length > 0)
    throw jobInvalid(shown, [...diagnostics].sort(compareDiagnostics));
  const check = (build: JobBuild): void => {
    const found = jobFindings(reading, build).filter(({ severity }) => severity === "error");
    if (found.length > 0) throw jobInvalid(shown, found);
  };
  return { document, watchers, shown, check };
}

function ofOtherKind(file: string, kind: string, reader: string): MillraceError {
  return new MillraceError("job-invalid", `The job ${file} is one of ${kind}.`, {
    hint: `Read it with ${reader}("${file}").`,
    data: { file, diagnostics: [] },
  });
}

function jobInvalid(file: string, diagnostics: readonly Diagnostic[]): MillraceError {
  const lines = diagnostics.map(({ span, message }) => `${span.file}:${span.line}:${span.column} ${message}`);
  return new MillraceError("job-invalid", `The job ${file} cannot be run:\n${listed(lines)}`, {
    hint: "Correct what the places name. docs/yaml-jobs.md describes the file.",
    data: { file, diagnostics },
  });
}
