/** A project after a run, or while it goes: what the run's record says of its steps. */
import { errorSummary, errorText, isMillraceError, type StepRef, type StepState } from "@millrace/core";
import type { RecordedProject, RecordedTask, TaskOutcome, TaskState, TaskTry } from "./recorded-project.js";

/** What a run has on record of a step, as `run.steps()` gives it. Times are ms since 1970. */
export interface TaskStep {
  readonly step: Pick<StepRef, "node">;
  readonly state: StepState;
  readonly attempts: number;
  readonly tries?: readonly { readonly startedAt: number | null; readonly endedAt: number; readonly error?: Error }[];
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
  return {
    ...settled,
    tasks: project.tasks.map((task) => foldStep(task, byName.get(task.name), project.run)),
  };
}

function foldStep(task: RecordedTask, step: TaskStep | undefined, run: string | undefined): RecordedTask {
  if (!step || task.state === "orphaned") return task;
  const { spent = 0, ...rest } = task;
  const before = spent > 0 ? (task.outcome?.tries ?? []) : [];
  const outcome = outcomeOf(step, spent, [...before, ...triesOf(step, run)]);
  return { ...rest, state: STATES[step.state], outcome };
}

function outcomeOf(step: TaskStep, spent: number, tries: readonly TaskTry[]): TaskOutcome {
  const { attempts, startedAt, endedAt } = step;
  return {
    ...endOf(step),
    attempts: spent + attempts,
    ...(tries.length === 0 ? {} : { tries }),
    ...(startedAt === null ? {} : { startedAt }),
    ...(endedAt === null ? {} : { endedAt }),
  };
}

function triesOf({ tries = [], value }: TaskStep, run: string | undefined): readonly TaskTry[] {
  return tries.map(({ startedAt, endedAt, error }) => ({
    ...(run === undefined ? {} : { run }),
    ...(startedAt === null ? {} : { startedAt }),
    endedAt,
    // The one that has no error is the last, whose value is the step's.
    ...endOf({ value, ...(error ? { error } : {}) }),
  }));
}

function endOf({ value, error }: Pick<TaskStep, "value" | "error">): Pick<TaskTry, "code" | "error"> {
  const code = codeOf(error ? dataOf(error) : value);
  return { ...(code === undefined ? {} : { code }), ...(error ? { error: errorText(errorSummary(error)) } : {}) };
}

function dataOf(error: Error): unknown {
  return isMillraceError(error) ? error.data : undefined;
}

function codeOf(end: unknown): number | undefined {
  const code = typeof end === "object" && end !== null && "code" in end ? end.code : undefined;
  return typeof code === "number" ? code : undefined;
}
