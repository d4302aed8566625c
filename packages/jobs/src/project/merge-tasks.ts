/**
 * Brings tasks into the recorded project, in the name of their owner: a source, or a task that adds them. Called by mergeProject and addTasks,
 * which say what an owner may bring.
 */
import { canonicalHash } from "@millrace/core";
import { addingChain } from "./adding-chain.js";
import { addsTasks } from "./may-add.js";
import { newTask, type PastTask, projectEdges, type RecordedProject, type RecordedTask } from "./recorded-project.js";
import type { Task } from "./task.js";
import { TaskLineage } from "./task-lineage.js";

/** Whose tasks they are. */
export type TaskOwner = Pick<RecordedTask, "source" | "addedBy">;

/** The tasks that an owner has now. */
export interface OwnedTasks {
  readonly owner: TaskOwner;
  readonly tasks: readonly Task[];
}

/** The project with the tasks, and the names of those that have to run again, which resetTasks then brings to all that wait for them. */
export interface MergedTasks {
  readonly project: RecordedProject;
  readonly again: ReadonlySet<string>;
}

/** Merges the tasks of owners; each name is given once. What had one before is theirs; what they have no more is orphaned. */
export function mergeTasks(recorded: RecordedProject, owned: readonly OwnedTasks[]): MergedTasks {
  const given = new Map(owned.flatMap(({ owner, tasks }) => tasks.map((task) => [task.name, { task, owner }])));
  const known = new Map(recorded.tasks.map((task) => [task.name, revived(task)]));
  const owners = new Set(owned.map(({ owner }) => keyOf(owner)));
  const merged = ({ task, owner }: Given): RecordedTask => {
    const old = known.get(task.name);
    if (old?.identity !== task.identity) return newTask({ ...task, ...owner });
    return { ...withoutAdder(old), ...owner, directives: task.directives };
  };
  const kept = recorded.tasks.map((task) => {
    const now = given.get(task.name);
    if (now) return merged(now);
    return owners.has(keyOf(task)) ? orphaned(withoutAdder(task)) : task;
  });
  const added = [...given.values()].filter(({ task }) => !known.has(task.name)).map(merged);
  const present = followAdders([...kept, ...added]);
  const gained = waitsForMore(recorded.tasks, present);
  const again = new Set<string>();
  const past: PastTask[] = [];
  for (const task of present) {
    const old = known.get(task.name);
    if (!old || task.state === "orphaned") continue;
    const edited = old.identity !== task.identity;
    if (edited && old.outcome) past.push({ ...old, reason: "edited" });
    if (edited || mustRunAgain(old, task, gained)) again.add(task.name);
  }
  return { project: { ...recorded, tasks: present, history: [...recorded.history, ...past] }, again };
}

interface Given {
  readonly task: Task;
  readonly owner: TaskOwner;
}

/** No name of a task has a space. */
function keyOf({ source, addedBy = "" }: TaskOwner): string {
  return `${addedBy} ${source}`;
}

function mustRunAgain(old: RecordedTask, now: RecordedTask, gained: ReadonlySet<string>): boolean {
  if (old.state === "failed" || old.state === "skipped")
    return gained.has(now.name) || canonicalHash(old.directives) !== canonicalHash(now.directives);
  return old.state === "complete" && gained.has(now.name);
}

/** Tasks that wait for something that they did not wait for before. */
function waitsForMore(before: readonly RecordedTask[], now: readonly RecordedTask[]): ReadonlySet<string> {
  // With what is orphaned: a task that comes back has not gained what it waited for.
  const lineage = new TaskLineage(projectEdges({ tasks: before.map(revived) }));
  return new Set(
    projectEdges({ tasks: now })
      .filter(({ from, to }) => !lineage.parents(to).includes(from))
      .map(({ to }) => to),
  );
}

/** What was added goes and comes back with whoever has added it. */
function followAdders(tasks: readonly RecordedTask[]): readonly RecordedTask[] {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const isThere = (name: string): boolean => {
    const task = byName.get(name);
    return task !== undefined && addsTasks(task) && (task.addedBy !== undefined || task.state !== "orphaned");
  };
  return tasks.map((task) => {
    if (task.addedBy === undefined) return task;
    return addingChain(task.name, byName).every(isThere) ? revived(task) : orphaned(task);
  });
}

/** Nobody adds it any more, not even if its adder comes back. */
function withoutAdder({ addedBy: _, ...task }: RecordedTask): RecordedTask {
  return task;
}

function orphaned(task: RecordedTask): RecordedTask {
  return task.state === "orphaned" ? task : { ...task, state: "orphaned", was: task.state };
}

function revived({ was, ...task }: RecordedTask): RecordedTask {
  return was === undefined ? task : { ...task, state: was };
}
