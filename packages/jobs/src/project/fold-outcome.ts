/** A project after a run, or while it goes: what the run's record says of its steps. */
import { errorSummary, errorText, isMillraceError, type StepRef, type StepState } from "@millrace/core";
import { addTasks } from "./add-tasks.js";
import type { AddedList } from "./addition.js";
import { addsTasks } from "./may-add.js";
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

/**
 * Takes over what a run has on record; the project has no run under way then. Tasks that it has no record of, and orphaned ones, stay as they
 * are. What tasks have added, the `tasks` of their values, joins the project.
 */
export function foldOutcome(project: RecordedProject, steps: Iterable<TaskStep>): RecordedProject {
  const byName = new Map([...steps].map((step) => [step.step.node, step]));
  const { run, ...others } = project;
  const settled = { ...others, tasks: project.tasks.map((task) => foldStep(task, byName.get(task.name), run)) };
  const adders = project.tasks.filter((task) => {
    return addsTasks(task) && task.state !== "orphaned" && byName.get(task.name)?.state === "succeeded";
  });
  const lists = adders.map(({ name }) => ({ name, given: listOf(byName.get(name)?.value) }));
  return lists.length === 0 ? settled : foldAdded(settled, lists);
}

function foldStep(task: RecordedTask, step: TaskStep | undefined, run: string | undefined): RecordedTask {
  if (!step || task.state === "orphaned") return task;
  const { spent = 0, ...rest } = task;
  const before = spent > 0 ? (task.outcome?.tries ?? []) : [];
  const outcome = outcomeOf(step, spent, [...before, ...triesOf(step, run)]);
  return { ...rest, state: STATES[step.state], outcome };
}

function listOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "tasks" in value ? value.tasks : undefined;
}

/** All at once; if they cannot be taken so, one by one. A list that cannot be taken is its task's failure: the project has to be there whatever a run has on record. */
function foldAdded(project: RecordedProject, lists: readonly AddedList[]): RecordedProject {
  const [{ name, given } = { name: "", given: undefined }, ...more] = lists;
  if (more.length === 0 && given === undefined)
    return failTask(project, name, "It has run where nobody takes the tasks that it adds.");
  try {
    return addTasks(project, lists);
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    if (more.length === 0) return failTask(project, name, errorText(errorSummary(error)));
    return lists.reduce((folded, list) => foldAdded(folded, [list]), project);
  }
}

function failTask(project: RecordedProject, name: string, error: string): RecordedProject {
  const failed = (task: RecordedTask): RecordedTask =>
    task.name === name && task.outcome ? { ...task, state: "failed", outcome: { ...task.outcome, error } } : task;
  return { ...project, tasks: project.tasks.map(failed) };
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
