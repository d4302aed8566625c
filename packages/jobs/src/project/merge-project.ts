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
 */
import { canonicalHash } from "@millrace/core";
import type { BuiltTasks } from "./build-tasks.js";
import type { TaskEdge } from "./derive-edges.js";
import { type ProjectIssue, throwIssues } from "./project-issue.js";
import { newTask, type PastTask, projectEdges, type RecordedProject, type RecordedTask } from "./recorded-project.js";
import { resetTasks } from "./reset-tasks.js";
import type { Task } from "./task.js";
import { TaskLineage } from "./task-lineage.js";

/** @throws MillraceError `project-invalid` if a task of another source has the name of a built one. */
export function mergeProject(
  recorded: RecordedProject,
  { tasks, edges }: Pick<BuiltTasks, "tasks" | "edges">,
  source: string,
): RecordedProject {
  throwIssues(foreignNames(recorded, tasks, source));
  const built = new Map(tasks.map((task) => [task.name, task]));
  const known = new Map(recorded.tasks.map((task) => [task.name, revived(task)]));
  const gained = waitsForMore(recorded, edges);
  const again = new Set<string>();
  const past: PastTask[] = [];
  const merged = (task: Task): RecordedTask => {
    const old = known.get(task.name);
    if (!old) return newTask({ ...task, source });
    const edited = old.identity !== task.identity;
    if (edited && old.outcome) past.push({ ...old, reason: "edited" });
    if (edited || mustRunAgain(old, task, gained)) again.add(task.name);
    return edited ? newTask({ ...task, source }) : { ...old, directives: task.directives };
  };
  const kept = recorded.tasks.map((task) => {
    if (task.source !== source) return task;
    const now = built.get(task.name);
    return now ? merged(now) : orphaned(task);
  });
  const added = tasks.filter(({ name }) => !known.has(name)).map(merged);
  return resetTasks({ ...recorded, tasks: [...kept, ...added], history: [...recorded.history, ...past] }, again);
}

function mustRunAgain(old: RecordedTask, now: Task, gained: ReadonlySet<string>): boolean {
  if (old.state === "failed" || old.state === "skipped")
    return gained.has(now.name) || canonicalHash(old.directives) !== canonicalHash(now.directives);
  return old.state === "complete" && gained.has(now.name);
}

/** Tasks that wait for something that they did not wait for before. */
function waitsForMore(recorded: RecordedProject, edges: readonly TaskEdge[]): ReadonlySet<string> {
  // With what is orphaned: a task that comes back has not gained what it waited for.
  const before = new TaskLineage(projectEdges({ tasks: recorded.tasks.map(revived) }));
  return new Set(edges.filter(({ from, to }) => !before.parents(to).includes(from)).map(({ to }) => to));
}

function orphaned(task: RecordedTask): RecordedTask {
  return task.state === "orphaned" ? task : { ...task, state: "orphaned", was: task.state };
}

function revived({ was, ...task }: RecordedTask): RecordedTask {
  return was === undefined ? task : { ...task, state: was };
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
      : [{ path: name, message: `of ${source} has the name of a task of ${owner}: rename one, or prune it there` }];
  });
}
