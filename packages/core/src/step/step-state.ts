/**
 * States of a step and the one table of their transitions.
 *
 *   pending ─▶ ready ─▶ running ─▶ succeeded | failed | skipped | aborted
 *      │         ▲ │       │ └───▶ ready          (re-dispatched: its thread was lost through another step)
 *      │         │ │       └─────▶ backing-off ─▶ ready
 *      │         │ └─────────────▶ succeeded      (from the cache)
 *      └─▶ succeeded | failed | aborted           (restored)
 *   pending | ready | backing-off ─▶ aborted
 *   ready | running | backing-off ─▶ failed         (its time in all is up)
 */
import { bug } from "../errors/millrace-error.js";

/** Where a step stands. */
export type StepState = "pending" | "ready" | "running" | "backing-off" | SettledState;
/** How a step ended. */
export type SettledState = "succeeded" | "failed" | "skipped" | "aborted";
/** Where an outcome came from. */
export type StepSource = "ran" | "restored" | "cached";
/**
 * Why a step was aborted. `body`: its flow let go of it (recorded and replayed). `cancel`: the run was cancelled.
 * `process`: interrupt or lost lease; no settlement is recorded and the step runs again.
 */
export type AbortCause = "body" | "cancel" | "process";

/** What can happen to a step. */
export type StepEvent =
  | { readonly type: "admit" }
  | { readonly type: "claim" }
  | { readonly type: "redispatch" }
  | { readonly type: "back-off" }
  | { readonly type: "retry" }
  | { readonly type: "settle"; readonly state: SettledState }
  | { readonly type: "restore"; readonly state: Exclude<SettledState, "skipped"> }
  | { readonly type: "hit-cache" }
  | { readonly type: "expire" }
  | { readonly type: "abort" };

const TABLE: { readonly [S in StepState]: { readonly [E in StepEvent["type"]]?: StepState | "event" } } = {
  pending: { admit: "ready", restore: "event", abort: "aborted" },
  ready: { claim: "running", "hit-cache": "succeeded", expire: "failed", abort: "aborted" },
  running: { settle: "event", "back-off": "backing-off", redispatch: "ready", expire: "failed", abort: "aborted" },
  "backing-off": { retry: "ready", expire: "failed", abort: "aborted" },
  succeeded: {},
  failed: {},
  skipped: {},
  aborted: {},
};

/** The state after an event; undefined if the event is not legal in that state. */
export function nextState(state: StepState, event: StepEvent): StepState | undefined {
  const next = TABLE[state][event.type];
  if (next !== "event") return next;
  return event.type === "settle" || event.type === "restore" ? event.state : undefined;
}

/** As nextState. @throws MillraceError `internal-bug` on an illegal event. */
export function transition(state: StepState, event: StepEvent): StepState {
  const next = nextState(state, event);
  if (next === undefined) throw bug(`a step cannot take "${event.type}" in state "${state}"`, { state, event });
  return next;
}

/** True for states that nothing leaves. */
export function isSettled(state: StepState): state is SettledState {
  return state === "succeeded" || state === "failed" || state === "skipped" || state === "aborted";
}
