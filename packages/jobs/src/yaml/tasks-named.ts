/** The tasks and rule classes that job files name, whatever else may be wrong with the files: none of them is unused. */
import type { RuleRun } from "@millrace/core";
import { readJob } from "./read-job.js";

/** Ids of tasks. `files`: absolute paths. */
export function tasksNamed(files: readonly string[], root: string): ReadonlySet<string> {
  return new Set(files.flatMap((file) => runsOf(file, root)).flatMap(idOf));
}

function runsOf(file: string, root: string): readonly (RuleRun | undefined)[] {
  const { document } = readJob(file, { root }, { openVariables: true });
  if (!document) return [];
  if ("rules" in document) return document.rules.rules.map(({ run }) => run);
  // Job files have no graphs inside, and no functions.
  return document.graph.nodes.map(({ run }) => run as RuleRun);
}

function idOf(run: RuleRun | undefined): readonly string[] {
  if (run && "task" in run) return [run.task];
  return run && "rule" in run ? [run.rule] : [];
}
