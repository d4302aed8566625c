/** A job file as something that the engine can start. */
import { compareDiagnostics, type Diagnostic, type JobGraph, MillraceError, type ToJobGraph } from "@millrace/core";
import { type JobFileOptions, readJob } from "./read-job.js";
import type { JobWatchers } from "./read-watchers.js";

/** So many findings stand in the message; the data holds all. */
const SHOWN = 20;

/** A job that has been read: `engine.start(loadJob("job.yaml"))`. */
export interface YamlJob extends ToJobGraph {
  /** `config.name`, else the name of the file without its ending. */
  readonly name: string;
  /** Who watches its runs, by the file: for whoever opens the engine, whose observers they are. */
  readonly watchers: JobWatchers;
}

/**
 * Reads a job file and all that it includes. Whether the build has its tasks is checked when it is started, or by `checkJob`.
 * @throws MillraceError `job-invalid`, whose data lists all findings with file, line and column.
 */
export function loadJob(file: string, options: JobFileOptions = {}): YamlJob {
  const { graph, watchers, diagnostics, file: shown } = readJob(file, options);
  if (!graph || !watchers || diagnostics.length > 0) throw jobInvalid(shown, [...diagnostics].sort(compareDiagnostics));
  return { name: graph.name ?? shown, watchers, toJobGraph: (): JobGraph => graph };
}

function jobInvalid(file: string, diagnostics: readonly Diagnostic[]): MillraceError {
  const lines = diagnostics
    .slice(0, SHOWN)
    .map(({ span, message }) => `  ${span.file}:${span.line}:${span.column} ${message}`);
  if (diagnostics.length > SHOWN) lines.push(`  … and ${diagnostics.length - SHOWN} more.`);
  return new MillraceError("job-invalid", `The job ${file} cannot be run:\n${lines.join("\n")}`, {
    hint: "Correct what the places name. docs/yaml-jobs.md describes the file.",
    data: { file, diagnostics },
  });
}
