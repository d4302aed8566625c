/** Tasks that people settle by hand: they know what no run can tell. */
import { MillraceError } from "@millrace/core";
import { type RecordedProject, renewedTask, runningEdges } from "./recorded-project.js";
import { unknownTask } from "./reset-tasks.js";

/** Sets the state of the named tasks and of no others; orphaned ones stay what they are. @throws MillraceError `unknown-task`. */
export function settleTasks(
  project: RecordedProject,
  names: Iterable<string>,
  state: "complete" | "failed",
): RecordedProject {
  const chosen = knownNames(project, names);
  return {
    ...project,
    tasks: project.tasks.map((task) => {
      if (!chosen.has(task.name) || task.state === "orphaned" || task.state === state) return task;
      return { ...renewedTask(task), state };
    }),
  };
}

/**
 * Moves the named tasks to the history. A source that still has them brings them back as new ones.
 * @throws MillraceError `unknown-task`; `usage` if a task that stays waits for one of them, or was added by one.
 */
export function removeTasks(project: RecordedProject, names: Iterable<string>): RecordedProject {
  const chosen = knownNames(project, names);
  const held = runningEdges(project).find(({ from, to }) => chosen.has(from) && !chosen.has(to));
  if (held) {
    throw new MillraceError("usage", `${held.from} cannot be removed: ${held.to} waits for it. Nothing was removed.`, {
      hint: `Select what waits for it, too: ${held.from}+`,
      data: { task: held.from, waits: held.to },
    });
  }
  const gone = project.tasks.filter(({ name }) => chosen.has(name));
  return {
    ...project,
    tasks: project.tasks.filter(({ name }) => !chosen.has(name)),
    history: [...project.history, ...gone.map((task) => ({ ...task, reason: "removed" as const }))],
  };
}

function knownNames({ tasks }: RecordedProject, names: Iterable<string>): ReadonlySet<string> {
  const known = new Set(tasks.map(({ name }) => name));
  const chosen = new Set(names);
  for (const name of chosen) if (!known.has(name)) throw unknownTask(name, known);
  return chosen;
}
