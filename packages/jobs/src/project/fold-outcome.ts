/** A project after a run, or while it goes: what the run's record says of its steps. */
import { errorSummary, errorText, isMillraceError, type StepRef, type StepState } from "@millrace/core";
import type { RecordedProject, RecordedTask, TaskOutcome, TaskState } from "./recorded-project.js";

/** What a run has on record of a step, as `run.steps()` gives it. Times are ms since 1970. */
export interface TaskStep {
  readonly step: Pick<StepRef, "node">;
  readonly state: StepState;
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly value?: unknown;
  readonly error?: Error;
}

const STATES: Readonly<Record<StepState, TaskState>> = {
  pending: "pending",
  ready: "pending",
  running: "pending",
  "backing-off": "pending",
  succeeded: "complete",
  failed: "failed",
  skipped: "skipped",
  // Stopped from outside: it has not said that it would not succeed.
  aborted: "pending",
};

/** Takes over what a run has on record; the project has no run under way then. Tasks that it has no record of, and orphaned ones, stay as they are. */
export function foldOutcome(project: RecordedProject, steps: Iterable<TaskStep>): RecordedProject {
  const byName = new Map([...steps].map((step) => [step.step.node, step]));
  const { run: _, ...settled } = project;
  return { ...settled, tasks: project.tasks.map((task) => foldStep(task, byName.get(task.name))) };
}

function foldStep(task: RecordedTask, step: TaskStep | undefined): RecordedTask {
  if (!step || task.state === "orphaned") return task;
  const { spent = 0, ...rest } = task;
  return { ...rest, state: STATES[step.state], outcome: outcomeOf(step, spent) };
}

function outcomeOf({ attempts, startedAt, endedAt, value, error }: TaskStep, spent: number): TaskOutcome {
  const code = codeOf(error ? dataOf(error) : value);
  return {
    ...(code === undefined ? {} : { code }),
    ...(error ? { error: errorText(errorSummary(error)) } : {}),
    attempts: spent + attempts,
    ...(startedAt === null ? {} : { startedAt }),
    ...(endedAt === null ? {} : { endedAt }),
  };
}

function dataOf(error: Error): unknown {
  return isMillraceError(error) ? error.data : undefined;
}

function codeOf(end: unknown): number | undefined {
  const code = typeof end === "object" && end !== null && "code" in end ? end.code : undefined;
  return typeof code === "number" ? code : undefined;
}
