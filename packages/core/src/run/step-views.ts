/** Steps as people and scripts see them, each from what is on record of it. Bytes that cannot be read are shown as such, never thrown. */
import { type Json, jsonImage } from "../json-shapes/json-image.js";
import { decodeValue } from "../values/decode.js";
import type { EndedAttempt } from "./attempts-of-steps.js";
import { errorSummary } from "./error-summary.js";
import type { ErrorSummary } from "./events.js";
import type { AttemptFailed, SettledFact, StepHeld, StoredBytes } from "./facts.js";
import type { RunState } from "./run-state.js";
import type { StepView } from "./run-view.js";

/** One that has settled, at the place where its record stands now. */
export function settledStep(
  fact: SettledFact,
  { key, node }: Pick<StepView, "key" | "node">,
  resumedAt: number,
): StepView {
  return {
    key,
    node,
    task: fact.task,
    state: fact.state,
    source: fact.seq < resumedAt ? "restored" : fact.source,
    attempts: fact.attempts,
    startedAt: fact.startedAt ?? null,
    endedAt: fact.endedAt,
    params: fact.params ? bytesImage(fact.params) : null,
    ...(fact.error ? { error: bytesError(fact.error) } : {}),
  };
}

/** One that waits for another attempt. */
export function waitingStep(failure: AttemptFailed, run: RunState): StepView {
  return {
    key: failure.key,
    node: failure.node,
    task: failure.task,
    state: run === "running" ? "backing-off" : "pending",
    source: null,
    attempts: failure.attempt,
    startedAt: failure.startedAt,
    endedAt: null,
    params: null,
    error: bytesError(failure.error),
  };
}

/** One that is held before it begins. */
export function heldStep({ key, node, task, selector = "" }: StepHeld): StepView {
  return {
    key,
    node,
    task,
    state: "pending",
    source: null,
    held: selector,
    attempts: 0,
    startedAt: null,
    endedAt: null,
    params: null,
  };
}

/** The same with its attempts, if one of them has failed. */
export function withTries(view: StepView, attempts: readonly EndedAttempt[]): StepView {
  if (attempts.every(({ error }) => error === undefined)) return view;
  const tries = attempts.map(({ error, ...times }) => ({ ...times, ...(error ? { error: bytesError(error) } : {}) }));
  return { ...view, tries };
}

/** Image of stored bytes. */
export function bytesImage(stored: StoredBytes): Json {
  try {
    return jsonImage(decodeValue(stored.read()));
  } catch (error) {
    return `<unreadable: ${errorSummary(error).message}>`;
  }
}

/** The error in stored bytes. */
export function bytesError(stored: StoredBytes): ErrorSummary {
  try {
    return errorSummary(decodeValue(stored.read()));
  } catch (error) {
    return { name: "Error", message: `<unreadable: ${errorSummary(error).message}>` };
  }
}
