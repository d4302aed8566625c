/** Brings the tasks that a task has added into the recorded project. They belong to its source, and take the place of those that it had added before. */
import { addingChain } from "./adding-chain.js";
import { addsTasks, mayAdd } from "./may-add.js";
import { mergeTasks } from "./merge-tasks.js";
import { type ProjectIssue, throwIssues } from "./project-issue.js";
import { issueAt, type ReadTask, readTasks } from "./read-tasks.js";
import { type RecordedProject, type RecordedTask, runningEdges } from "./recorded-project.js";
import { relateTasks } from "./relate-tasks.js";
import { resetTasks, unknownTask } from "./reset-tasks.js";
import { textsOf } from "./task.js";
import { TaskLineage } from "./task-lineage.js";
import { type Refusal, type Source, sourceOf } from "./yaml-source.js";

/** So many tasks can have added each other in a row. */
export const MAX_ADDING_CHAIN = 100;

/** What the text of a list is called in messages. */
export interface AddOptions {
  /** Default `tasks`. */
  readonly file?: string;
}

/** A list of tasks, judged. */
interface Addition {
  readonly adder: RecordedTask;
  readonly source: Source;
  readonly read: readonly ReadTask[];
}

/**
 * Adds tasks to the source of the task `name`, which has `adds`. They are merged as those of a source are: their identities decide what runs
 * again, and what it had added before and adds no more is orphaned. What an added task resets are never tasks that add, nor what those wait for.
 * @param given A list of tasks or a mapping with `tasks`, as text or data; an empty text adds none.
 * @throws MillraceError `project-invalid` with what is wrong with the list; `unknown-task`.
 */
export function addTasks(
  project: RecordedProject,
  name: string,
  given: unknown,
  { file = "tasks" }: AddOptions = {},
): RecordedProject {
  const byName = new Map(project.tasks.map((task) => [task.name, task]));
  const adder = byName.get(name);
  if (!adder) throw unknownTask(name, byName.keys());
  const refuse: Refusal = (issues) =>
    throwIssues(issues, {
      problem: `The tasks that ${name} adds cannot be taken`,
      hint: "None of them was taken: docs/projects.md describes what a task can add.",
    });
  const source = sourceOf(given, file, refuse);
  const { tasks: read, issues } = readTasks(source, { mayBeEmpty: true });
  refuse(issues);
  const addition = { adder, source, read };
  const others = staying(project.tasks, addition, byName);
  refuse([
    ...chainIssues(addition, addingChain(name, byName)),
    ...undeclared(addition),
    ...takenNames(addition, [...others, ...project.tasks.filter((task) => task.source !== adder.source)]),
  ]);
  refuse(relateTasks({ source, read, others, addedBy: name }).issues);
  const tasks = read.map(({ task }) => task);
  const { project: merged, again } = mergeTasks(project, tasks, { source: adder.source, addedBy: name });
  return resetTasks(merged, again, { spared: beforeAdding(merged) });
}

/** The tasks of the source that are there whatever the list has: what it has no more goes, with what that has added. */
function staying(
  tasks: readonly RecordedTask[],
  { adder, read }: Addition,
  byName: ReadonlyMap<string, RecordedTask>,
): readonly RecordedTask[] {
  const listed = new Set(read.map(({ task }) => task.name));
  return tasks.filter((task) => {
    if (task.source !== adder.source || task.state === "orphaned" || task.addedBy === adder.name) return false;
    const chain = addingChain(task.name, byName);
    const i = chain.indexOf(adder.name);
    return i < 0 || listed.has(chain[i + 1] ?? "");
  });
}

/** Tasks that add, and what they wait for: what a list brings must not make it be asked for again. */
function beforeAdding(project: RecordedProject): ReadonlySet<string> {
  const lineage = new TaskLineage(runningEdges(project));
  const adders = project.tasks.filter(addsTasks).map(({ name }) => name);
  return new Set([...adders, ...adders.flatMap((name) => [...lineage.ancestors(name)])]);
}

/** A chain without an end is one that nobody has thought of. */
function chainIssues({ adder, source, read }: Addition, before: readonly string[]): readonly ProjectIssue[] {
  const chain = [...before, adder.name];
  if (chain.length <= MAX_ADDING_CHAIN || read.length === 0) return [];
  const shown = [...chain.slice(0, 3), "…", ...chain.slice(-3)].join(" → ");
  return [
    issueAt(source, [], `goes on with a chain of ${MAX_ADDING_CHAIN} tasks, each added by the one before: ${shown}`),
  ];
}

function undeclared({ adder: { name, directives }, source, read }: Addition): readonly ProjectIssue[] {
  const what = `what \`adds\` of ${name} does not declare`;
  return read.flatMap(({ task, path }) => [
    ...(mayAdd(directives.adds, task.name) ? [] : [issueAt(source, path, `is ${task.name}, ${what}`)]),
    ...textsOf(task.directives.output)
      .filter((output) => !mayAdd(directives.adds, output))
      .map((output) => issueAt(source, [...path, "output"], `of ${task.name} is "${output}", ${what}`)),
  ]);
}

function takenNames({ source, read }: Addition, others: readonly RecordedTask[]): readonly ProjectIssue[] {
  const byName = new Map(others.map((task) => [task.name, task]));
  return read.flatMap(({ task: { name }, path }) => {
    const taken = byName.get(name);
    if (!taken) return [];
    const owner = taken.addedBy === undefined ? taken.source : `${taken.source}, added by ${taken.addedBy}`;
    return [issueAt(source, path, `has the name "${name}" of a task of ${owner}: rename one`)];
  });
}
