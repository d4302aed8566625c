/** Selectors: which steps are meant, as people write it on a command line. */
import { MillraceError } from "../errors/millrace-error.js";
import type { StepRef } from "./events.js";
import { stepLabel } from "./step-label.js";

/** Says whether a step is meant. */
export type SelectsStep = (step: StepRef) => boolean;

/**
 * Reads a selector: the name of a task or flow, a node, a label (`FetchForecast[Oslo]`) or a key; the same with `*` for any text and
 * `?` for any character; or a regular expression between slashes. @throws MillraceError `usage`.
 */
export function readSelector(text: string): SelectsStep {
  if (text === "") throw unreadable(text, "it is empty");
  const pattern = /^\/(.+)\/([imsu]*)$/s.exec(text);
  if (pattern) return matching(regExp(text, pattern[1] ?? "", pattern[2] ?? ""));
  if (/[*?]/.test(text)) return matching(new RegExp(`^${globSource(text)}$`, "s"));
  return (step) => namesOf(step).includes(text);
}

function matching(expression: RegExp): SelectsStep {
  return (step) => namesOf(step).some((name) => expression.test(name));
}

function namesOf(step: StepRef): readonly string[] {
  return [step.task, step.node, stepLabel(step), step.key];
}

function globSource(glob: string): string {
  return glob
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
}

function regExp(text: string, source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw unreadable(text, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(text: string, why: string): MillraceError {
  return new MillraceError("usage", `"${text}" selects no steps: ${why}.`, {
    hint: "Name a task, a flow, a node or a key; * stands for any text; /…/ is a regular expression.",
    data: { selector: text },
  });
}
