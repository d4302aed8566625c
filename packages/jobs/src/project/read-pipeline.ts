/** The manifest of a pipeline, `pipeline.yaml`: what the folder that it stands in is called, and which template its tasks are made of. */
import { isObject } from "@millrace/core";
import { validateStrict } from "compare-versions";
import type { Settings } from "./layer-settings.js";
import { type ProjectIssue, throwIssues } from "./project-issue.js";
import { issueAt, TASK_NAME } from "./read-tasks.js";
import { type Path, yamlSource } from "./yaml-source.js";

/** A pipeline, by its manifest. */
export interface Pipeline {
  /** Letters, digits, `_` and `-`. Also the source that owns its tasks. */
  readonly name: string;
  /** A semantic version: `1.2.0`, `2.0.0-rc.1`. */
  readonly version: string;
  /** Path of its tasks or of their template, from its folder. */
  readonly main: string;
  /** Every other member: the lowest layer of its template's settings. */
  readonly defaults: Settings;
}

/** Reads a manifest. @throws MillraceError `project-invalid` with file, line and column. */
export function readPipeline(text: string, file = "pipeline.yaml"): Pipeline {
  const source = yamlSource(text, file);
  const issues: ProjectIssue[] = [];
  const report = (path: Path, message: string): void => void issues.push(issueAt(source, path, message));
  if (!isObject(source.value)) report([], "must be a mapping with name, version and main");
  const { name, version, main, ...defaults } = isObject(source.value) ? source.value : {};
  const check = (member: string, value: unknown, isGood: (text: string) => boolean, words: string): void => {
    if (typeof value === "string" && isGood(value)) return;
    report(
      [member],
      value === undefined ? `is missing: it must be ${words}` : `must be ${words}, not ${JSON.stringify(value)}`,
    );
  };
  check("name", name, (given) => TASK_NAME.test(given), "a name of letters, digits, _ and -");
  check("version", version, validateStrict, 'a version, three numbers as a text: "1.2.0"');
  check("main", main, isInside, "the path of a file in the folder of the pipeline");
  throwIssues(issues);
  // Checked above.
  return { name: name as string, version: version as string, main: main as string, defaults };
}

function isInside(path: string): boolean {
  return path !== "" && !/^(?:[/\\]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes("..");
}
