/** Selectors: which steps are meant, as people write it on a command line. */
import { MillraceError } from "../errors/millrace-error.js";
import { readNamePattern } from "../names/name-pattern.js";
import { matchesFilters } from "../rules/match-filter.js";
import type { Token } from "../rules/rule-set.js";
import type { StepRef } from "./events.js";
import { stepLabel } from "./step-label.js";

/** Says whether a step is meant. */
export type SelectsStep = (step: StepRef) => boolean;

/**
 * Reads a selector: a pattern for the name of a task or flow, a node, a label (`FetchForecast[Oslo]`) or a key; or, as JSON, what a token of a
 * rule set has (`{"type":"page"}`).
 * @throws MillraceError `usage`.
 */
export function readSelector(text: string): SelectsStep {
  if (text.trimStart().startsWith("{")) return readTokenSelector(text);
  const matches = readNamePattern(text, "steps");
  return (step) => namesOf(step).some(matches);
}

function namesOf(step: StepRef): readonly string[] {
  return [step.task, step.node, stepLabel(step), step.key];
}

function readTokenSelector(text: string): SelectsStep {
  let filter: Token;
  try {
    // What begins with a brace and is JSON is an object.
    filter = JSON.parse(text) as Token;
  } catch (cause) {
    throw new MillraceError("usage", `${text} selects no tokens: it is no JSON.`, {
      hint: 'A selector for tokens is what they have, such as {"type":"page"}; other selectors do not begin with a brace.',
      data: { selector: text },
      cause,
    });
  }
  return ({ token }) => token !== undefined && matchesFilters([[filter]], token);
}
