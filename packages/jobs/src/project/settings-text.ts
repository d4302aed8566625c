/** A layer of settings as a text: `settings.yaml`. */
import { isObject } from "@millrace/core";
import type { Settings } from "./layer-settings.js";
import { throwIssues } from "./project-issue.js";
import { issueAt } from "./read-tasks.js";
import { yamlSource } from "./yaml-source.js";

/** Reads YAML or JSON; an empty text is a layer without settings. @throws MillraceError `project-invalid` with file, line and column. */
export function readSettingsText(text: string, file = "settings"): Settings {
  const source = yamlSource(text, file);
  const value = source.value ?? {};
  if (isObject(value)) return value;
  throwIssues([issueAt(source, [], "must be a mapping of settings: `name: value` lines")]);
  return {};
}
