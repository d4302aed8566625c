/** Brings the lists of tasks that tasks have added into the recorded project. */
import { type AddedList, type Addition, readAddition, relateAdditions } from "./addition.js";
import { addsTasks } from "./may-add.js";
import { mergeTasks } from "./merge-tasks.js";
import { type RecordedProject, type RecordedTask, runningEdges } from "./recorded-project.js";
import { resetTasks } from "./reset-tasks.js";
import { TaskLineage } from "./task-lineage.js";

/**
 * Adds the tasks of lists, all at once or none, to the sources of those that add them. They are merged as those of a source are: their identities
 * decide what runs again, and what a task had added before and adds no more is orphaned. What an added task resets are never tasks that add, nor
 * what those wait for. @throws MillraceError `project-invalid`, `unknown-task`.
 */
export function addTasks(project: RecordedProject, lists: readonly AddedList[]): RecordedProject {
  const additions: Addition[] = [];
  let tasks: readonly RecordedTask[] = project.tasks;
  for (const list of lists) {
    const addition = readAddition(tasks, list);
    additions.push(addition);
    ({ tasks } = addition);
  }
  relateAdditions(additions);
  const { project: merged, again } = mergeTasks(
    project,
    additions.map(({ adder: { name, source }, read }) => ({
      owner: { source, addedBy: name },
      tasks: read.map(({ task }) => task),
    })),
  );
  return resetTasks(merged, again, { spared: beforeAdding(merged) });
}

/** Tasks that add, and what they wait for: what a list brings must not make it be asked for again. */
function beforeAdding(project: RecordedProject): ReadonlySet<string> {
  const lineage = new TaskLineage(runningEdges(project));
  const reached = new Set(project.tasks.filter(addsTasks).map(({ name }) => name));
  // A set goes on over what is added to it.
  for (const name of reached) for (const parent of lineage.parents(name)) reached.add(parent);
  return reached;
}
