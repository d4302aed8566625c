/**
 * Brings the tasks of one source into the recorded project. Names are the keys, sources the owners: nothing of another source changes.
 *
 *   built             on record          then
 *   new name          –                  new
 *   another identity  any                takes its place: new, with all that waits for it; what has run goes to the history
 *   same identity     complete           stays, with its directives as they are now
 *                     … waits for more   new, with all that waits for it
 *                     failed, skipped    stays, if nothing has changed; else new, with all that waits for it
 *                     new, pending       stays, with its directives as they are now
 *                     orphaned           as if it had never been gone
 *   not built         own                orphaned
 *                     added by a task    as that task: there or orphaned
 *
 * What a task has added and no longer fits into its source is asked for anew: the task that has added it runs again.
 */
import { addingEdges } from "./adding-chain.js";
import type { BuiltTasks } from "./build-tasks.js";
import { deriveEdges } from "./derive-edges.js";
import { mergeTasks } from "./merge-tasks.js";
import { type ProjectIssue, throwIssues } from "./project-issue.js";
import type { RecordedProject, RecordedTask } from "./recorded-project.js";
import { resetTasks } from "./reset-tasks.js";
import type { Task } from "./task.js";
import { waitingCycle } from "./waiting-cycle.js";

/** @throws MillraceError `project-invalid` if a task of another source has the name of a built one. */
export function mergeProject(
  recorded: RecordedProject,
  { tasks }: Pick<BuiltTasks, "tasks">,
  source: string,
): RecordedProject {
  throwIssues(foreignNames(recorded, tasks, source));
  const { project, again } = mergeTasks(recorded, [{ owner: { source }, tasks }]);
  return resetTasks(project, [...again, ...outdatedAdders(recorded, project, source)]);
}

function foreignNames(
  { tasks: recorded }: RecordedProject,
  tasks: readonly Task[],
  source: string,
): readonly ProjectIssue[] {
  const owners = new Map(recorded.map(({ name, source: owner }) => [name, owner]));
  return tasks.flatMap(({ name }) => {
    const owner = owners.get(name);
    return owner === undefined || owner === source
      ? []
      : [
          {
            path: name,
            message: `of ${source} has the name of a task of ${owner}: rename one, prune it there, or, if the two are one source, say so (--source ${owner})`,
          },
        ];
  });
}

/** Complete tasks of which one that they have added has lost its name to the source, or waits for what is not there, or in a circle. */
function outdatedAdders(before: RecordedProject, now: RecordedProject, source: string): ReadonlySet<string> {
  const byName = new Map(now.tasks.map((task) => [task.name, task]));
  const outdated = new Set<string>();
  const add = (adder: string | undefined): void => {
    if (adder !== undefined && byName.get(adder)?.state === "complete") outdated.add(adder);
  };
  for (const { name, addedBy } of before.tasks) if (byName.get(name)?.addedBy !== addedBy) add(addedBy);
  let present: readonly RecordedTask[] = now.tasks.filter(
    (task) => task.source === source && task.state !== "orphaned",
  );
  for (const { task } of deriveEdges(present).issues) add(byName.get(task)?.addedBy);
  // Each circle is found once more without what it has of one adder, until there is none.
  for (;;) {
    const cycle = waitingCycle(present, [...deriveEdges(present).edges, ...addingEdges(present)]);
    const adder = cycle?.find(({ addedBy }) => addedBy !== undefined)?.addedBy;
    if (adder === undefined) return outdated;
    add(adder);
    present = present.filter(({ addedBy }) => addedBy !== adder);
  }
}
