/** Selectors: which steps are meant, as people write it on a command line. */
import { readNamePattern } from "../names/name-pattern.js";
import type { StepRef } from "./events.js";
import { stepLabel } from "./step-label.js";

/** Says whether a step is meant. */
export type SelectsStep = (step: StepRef) => boolean;

/**
 * Reads a selector: a pattern for the name of a task or flow, a node, a label (`FetchForecast[Oslo]`) or a key.
 * @throws MillraceError `usage`.
 */
export function readSelector(text: string): SelectsStep {
  const matches = readNamePattern(text, "steps");
  return (step) => namesOf(step).some(matches);
}

function namesOf(step: StepRef): readonly string[] {
  return [step.task, step.node, stepLabel(step), step.key];
}
