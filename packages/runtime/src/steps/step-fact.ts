/** The fact that ends a step. */
import { type AbortCause, bytesInMemory, type SettledState, type SharedWrite, type StoredBytes } from "@millrace/core";
import { cacheTtl, type TaskStepSpec } from "./task-step-spec.js";
import type { Draft } from "./unit.js";

/** How a step ended. */
export interface StepEnd {
  /** Encoded result. */
  readonly value?: StoredBytes;
  /** Encoded error. */
  readonly error?: Uint8Array;
  /** ms since 1970. */
  readonly endedAt: number;
  /** Why it was aborted. */
  readonly cause?: AbortCause;
  /** Its result is another step's; absent if it ran. */
  readonly source?: "cached";
  /** What its attempt wrote to shared state. */
  readonly writes?: readonly SharedWrite[];
}

/** What is known of its life. */
export interface StepLife {
  readonly attempts: number;
  /** ms since 1970. */
  readonly readyAt: number;
  /** ms since 1970; undefined if it never ran. */
  readonly startedAt: number | undefined;
  /** Of its last attempt, as above. */
  readonly attemptStartedAt: number | undefined;
}

/** Makes the fact. */
export function stepFact(spec: TaskStepSpec, state: SettledState, end: StepEnd, life: StepLife): Draft {
  const { value, error, endedAt, cause, source } = end;
  const { attempts, readyAt, startedAt, attemptStartedAt } = life;
  const { key, site, node, body, task, identity } = spec.place;
  const isShared = state === "succeeded" && source === undefined && cacheTtl(spec.options) !== undefined;
  return {
    kind: "step-settled",
    key,
    site,
    node,
    body,
    task,
    identity,
    state,
    source: source ?? "ran",
    params: bytesInMemory(spec.params),
    attempts,
    readyAt,
    endedAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    // Of a single attempt it says nothing new.
    ...(attemptStartedAt === undefined || attempts < 2 ? {} : { attemptStartedAt }),
    ...(value ? { value } : {}),
    ...(error ? { error: bytesInMemory(error) } : {}),
    ...(cause ? { cause } : {}),
    ...(isShared ? { cacheable: true } : {}),
  };
}
