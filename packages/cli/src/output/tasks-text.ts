/** The tasks of a project, for people and as documents. */
import { formatDuration } from "@millrace/core";
import { type RecordedProject, type RecordedTask, TASK_STATES, type TaskState } from "@millrace/jobs";
import type { Colors } from "./streams.js";
import { type Column, tableLines } from "./table.js";

const PAINTS: Readonly<Record<TaskState, keyof Colors & ("cyan" | "green" | "red" | "yellow" | "dim")>> = {
  new: "cyan",
  pending: "yellow",
  complete: "green",
  failed: "red",
  skipped: "yellow",
  orphaned: "dim",
};

/** Lines of the table of tasks. `room`: columns of the terminal. */
export function tasksTable(tasks: readonly RecordedTask[], colors: Colors, room?: number): readonly string[] {
  const columns: readonly Column[] = [
    { title: "TASK" },
    { title: "STATE" },
    { title: "SOURCE" },
    { title: "TRIES", align: "right" },
    { title: "LEFT", align: "right" },
    { title: "TIME", align: "right" },
    { title: "ERROR", optional: true },
  ];
  const rows = tasks.map((task) => {
    const { startedAt, endedAt, error = "" } = task.outcome ?? {};
    return [
      task.name,
      colors[PAINTS[task.state]](task.state),
      task.addedBy === undefined ? task.source : `${task.source}, by ${task.addedBy}`,
      task.outcome ? String(task.outcome.attempts) : "",
      task.state === "pending" ? String(attemptsLeft(task)) : "",
      startedAt === undefined || endedAt === undefined ? "" : formatDuration(endedAt - startedAt),
      error.split("\n", 1)[0] ?? "",
    ];
  });
  return tableLines(columns, rows, room);
}

/** `3 complete, 1 failed`: what is zero is left out. */
export function countsText(project: RecordedProject): string {
  const counts = Object.entries(countTasks(project)).filter(([, n]) => n > 0);
  return counts.map(([state, n]) => `${n} ${state}`).join(", ") || "no tasks";
}

/** How many tasks stand in each state. */
export function countTasks({ tasks }: RecordedProject): Readonly<Record<string, number>> {
  return Object.fromEntries(TASK_STATES.map((state) => [state, tasks.filter((task) => task.state === state).length]));
}

/** A task as `--json` gives it. */
export function taskDocument(task: RecordedTask): object {
  const { name, source, addedBy, state, was, identity, directives, outcome, earlier } = task;
  return {
    name,
    source,
    ...(addedBy === undefined ? {} : { addedBy }),
    state,
    ...(was === undefined ? {} : { was }),
    ...(state === "pending" ? { attemptsLeft: attemptsLeft(task) } : {}),
    ...(outcome ? { outcome } : {}),
    ...(earlier ? { earlier } : {}),
    identity,
    directives,
  };
}

/** Of a task that was cut off: one at least. */
function attemptsLeft({ directives: { retry = 0 }, outcome }: RecordedTask): number {
  return Math.max(1, retry + 1 - (outcome?.attempts ?? 0));
}
