/** Tasks that are to run again: what is reset takes with it what stands behind it, and what its `reset` names. */
import { MillraceError, suggestName } from "@millrace/core";
import { projectEdges, type RecordedProject, type RecordedTask, renewedTask } from "./recorded-project.js";
import { textsOf } from "./task.js";
import { TaskLineage } from "./task-lineage.js";

/** What `reset` can name beside tasks. */
export const RESET_WORDS: readonly string[] = ["parents", "predecessors", "ancestors"];

/** How a reset goes on from task to task. */
export interface ResetOptions {
  /** Names that no `reset` reaches. Default: none. */
  readonly spared?: ReadonlySet<string>;
}

/**
 * Resets tasks, whatever their states, with all that waits for them and all that their `reset` names, and so on. Orphaned tasks stay
 * what they are. @throws MillraceError `unknown-task`.
 */
export function resetTasks(
  project: RecordedProject,
  names: Iterable<string>,
  { spared }: ResetOptions = {},
): RecordedProject {
  const byName = new Map(project.tasks.map((task) => [task.name, task]));
  const lineage = new TaskLineage(projectEdges(project));
  const reset = new Set(names);
  for (const name of reset) if (!byName.has(name)) throw unknownTask(name, byName.keys());
  // A set goes on over what is added to it, and takes each name once: tasks that reset each other come to an end.
  for (const name of reset) {
    for (const child of lineage.children(name)) reset.add(child);
    for (const word of textsOf(byName.get(name)?.directives.reset))
      for (const one of meant(word, name, lineage)) if (!spared?.has(one)) reset.add(one);
  }
  return { ...project, tasks: project.tasks.map((task) => (reset.has(task.name) ? resetTask(task) : task)) };
}

/**
 * Tries again what did not succeed, for causes outside: failed tasks and all that was skipped, or of these the named ones.
 * @throws MillraceError `unknown-task`.
 */
export function retryTasks(project: RecordedProject, names?: Iterable<string>): RecordedProject {
  const wanted = names === undefined ? undefined : new Set(names);
  const known = new Set(project.tasks.map(({ name }) => name));
  for (const name of wanted ?? []) if (!known.has(name)) throw unknownTask(name, known);
  const again = project.tasks.filter(
    ({ name, state }) => (state === "failed" || state === "skipped") && (wanted?.has(name) ?? true),
  );
  return resetTasks(
    project,
    again.map(({ name }) => name),
  );
}

/** The error for a name that no task has. */
export function unknownTask(name: string, known: Iterable<string>): MillraceError {
  return new MillraceError("unknown-task", `The project has no task "${name}".`, {
    hint: suggestName(name, known, "Name one of its tasks."),
    data: { task: name },
  });
}

function meant(word: string, name: string, lineage: TaskLineage): Iterable<string> {
  if (word === "parents" || word === "predecessors") return lineage.parents(name);
  return word === "ancestors" ? lineage.ancestors(name) : [word];
}

function resetTask(task: RecordedTask): RecordedTask {
  return task.state === "orphaned" || task.state === "new" ? task : renewedTask(task);
}
