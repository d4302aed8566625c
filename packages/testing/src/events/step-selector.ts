/** Names steps of a run in assertions. */
import type { StepRef } from "@millrace/core";
import { stepLabel } from "@millrace/core";
import { nameOf } from "@millrace/runtime/internal";
import type { Callable, ClassOf } from "@millrace/sdk";

/**
 * Which steps are meant: all of a class, or all whose task id, node, label (`FetchForecast[Oslo]`) or key equals the
 * text, or all for which the function holds.
 */
export type StepSelector = ClassOf<Callable> | string | ((step: StepRef) => boolean);

/** The selector as a predicate. */
export function selects(selector: StepSelector): (step: StepRef) => boolean {
  if (typeof selector === "function" && !isClass(selector)) return selector;
  const name = nameOf(selector);
  if (typeof selector === "function") return (step) => step.task === name;
  return (step) => [step.task, step.node, step.key as string, stepLabel(step)].includes(name);
}

/** The selector for people. */
export function selectorText(selector: StepSelector): string {
  if (typeof selector === "function" && !isClass(selector)) return "the selected steps";
  return nameOf(selector);
}

function isClass(value: ClassOf<Callable> | ((step: StepRef) => boolean)): value is ClassOf<Callable> {
  return typeof (value.prototype as { run?: unknown } | undefined)?.run === "function";
}
