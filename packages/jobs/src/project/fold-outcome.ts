/** A project after a run, or while it goes: what the run's record says of its steps. */
import { errorSummary, errorText, isMillraceError, type StepRef, type StepState } from "@millrace/core";
import { addTasks } from "./add-tasks.js";
import { addsTasks } from "./may-add.js";
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

/**
 * Takes over what a run has on record; the project has no run under way then. Tasks that it has no record of, and orphaned ones, stay as they
 * are. What tasks have added, the `tasks` of their values, joins the project.
 */
export function foldOutcome(project: RecordedProject, steps: Iterable<TaskStep>): RecordedProject {
  const byName = new Map([...steps].map((step) => [step.step.node, step]));
  const { tasks, history } = project;
  let folded: RecordedProject = { tasks: tasks.map((task) => foldStep(task, byName.get(task.name))), history };
  for (const task of tasks) {
    const step = byName.get(task.name);
    if (addsTasks(task) && task.state !== "orphaned" && step?.state === "succeeded")
      folded = foldAdded(folded, task.name, step.value);
  }
  return folded;
}

function foldStep(task: RecordedTask, step: TaskStep | undefined): RecordedTask {
  if (!step || task.state === "orphaned") return task;
  const { spent = 0, ...rest } = task;
  return { ...rest, state: STATES[step.state], outcome: outcomeOf(step, spent) };
}

/** A list that cannot be taken is the task's failure: the project has to be there whatever a run has on record. */
function foldAdded(project: RecordedProject, name: string, value: unknown): RecordedProject {
  const given = typeof value === "object" && value !== null && "tasks" in value ? value.tasks : undefined;
  try {
    if (given !== undefined) return addTasks(project, name, given);
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    return failTask(project, name, errorText(errorSummary(error)));
  }
  return failTask(project, name, "It has run where nobody takes the tasks that it adds.");
}

function failTask(project: RecordedProject, name: string, error: string): RecordedProject {
  const failed = (task: RecordedTask): RecordedTask =>
    task.name === name && task.outcome ? { ...task, state: "failed", outcome: { ...task.outcome, error } } : task;
  return { ...project, tasks: project.tasks.map(failed) };
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
