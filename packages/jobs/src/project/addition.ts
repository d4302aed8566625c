/** The list of tasks that a task adds: read, judged by itself, and laid into the tasks that are there. What they say of each other is judged by relateAdditions. */
import { groupBy } from "@millrace/core";
import { addingChain } from "./adding-chain.js";
import { mayAdd } from "./may-add.js";
import { type ProjectIssue, throwIssues } from "./project-issue.js";
import { issueAt, readTasks } from "./read-tasks.js";
import { newTask, type RecordedTask } from "./recorded-project.js";
import { type PlacedTask, relateTasks } from "./relate-tasks.js";
import { unknownTask } from "./reset-tasks.js";
import { textsOf } from "./task.js";
import { type Refusal, type Source, sourceOf } from "./yaml-source.js";

/** So many tasks can have added each other in a row. */
const MAX_CHAIN = 100;

/** What a task adds, as it gives it. */
export interface AddedList {
  /** Name of the task that adds. */
  readonly name: string;
  /** A list of tasks or a mapping with `tasks`, as text or data; an empty text adds none. */
  readonly given: unknown;
  /** What a text is called in messages. Default `tasks`. */
  readonly file?: string;
}

/** A list that is in itself without fault, and the tasks of its project with it. */
export interface Addition {
  readonly adder: RecordedTask;
  readonly read: readonly PlacedTask[];
  /** Without what the adder had added before and adds no more, and without what is orphaned in its source. */
  readonly tasks: readonly RecordedTask[];
}

/** Reads a list and lays it into the tasks of a project. @throws MillraceError `project-invalid`, `unknown-task`. */
export function readAddition(tasks: readonly RecordedTask[], { name, given, file = "tasks" }: AddedList): Addition {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const adder = byName.get(name);
  if (!adder) throw unknownTask(name, byName.keys());
  const refuse = refusalOf(name);
  const source = sourceOf(given, file, refuse);
  const { tasks: listed, issues } = readTasks(source, { mayBeEmpty: true });
  refuse(issues);
  const read = listed.map((task) => ({ ...task, addedBy: name }));
  const others = staying(tasks, { adder, read }, byName);
  refuse([
    ...chainIssues(source, read, [...addingChain(name, byName), name]),
    ...undeclared(adder, read),
    ...takenNames(read, others),
  ]);
  const added = read.map(({ task }) => newTask({ ...task, source: adder.source, addedBy: name }));
  return { adder, read, tasks: [...others, ...added] };
}

/** Judges what the tasks of lists, each laid into what the one before had made, say of each other and of those that are there. @throws MillraceError `project-invalid`. */
export function relateAdditions(additions: readonly Addition[]): void {
  const { tasks = [] } = additions.at(-1) ?? {};
  for (const [source, own] of groupBy(additions, ({ adder }) => adder.source)) {
    const read = own.flatMap((addition) => addition.read);
    const names = new Set(read.map(({ task }) => task.name));
    const others = tasks.filter((task) => task.source === source && !names.has(task.name));
    refusalOf(own.map(({ adder }) => adder.name).join(", "))(relateTasks(read, others).issues);
  }
}

function refusalOf(name: string): Refusal {
  return (issues) =>
    throwIssues(issues, {
      problem: `The tasks that ${name} adds cannot be taken`,
      hint: "None of them was taken: docs/projects.md describes what a task can add.",
    });
}

/** The tasks that are there whatever the list has: what it has no more goes, with what that has added, and what is orphaned in its source. */
function staying(
  tasks: readonly RecordedTask[],
  { adder, read }: Pick<Addition, "adder" | "read">,
  byName: ReadonlyMap<string, RecordedTask>,
): readonly RecordedTask[] {
  const listed = new Set(read.map(({ task }) => task.name));
  const hadAdded = tasks.some(({ addedBy }) => addedBy === adder.name);
  return tasks.filter((task) => {
    if (task.source !== adder.source) return true;
    if (task.state === "orphaned" || task.addedBy === adder.name) return false;
    if (!hadAdded) return true;
    const chain = addingChain(task.name, byName);
    const i = chain.indexOf(adder.name);
    return i < 0 || listed.has(chain[i + 1] ?? "");
  });
}

/** A chain without an end is one that nobody has thought of. */
function chainIssues(source: Source, read: readonly PlacedTask[], chain: readonly string[]): readonly ProjectIssue[] {
  if (chain.length <= MAX_CHAIN || read.length === 0) return [];
  const shown = [...chain.slice(0, 3), "…", ...chain.slice(-3)].join(" → ");
  return [issueAt(source, [], `goes on with a chain of ${MAX_CHAIN} tasks, each added by the one before: ${shown}`)];
}

function undeclared({ name, directives }: RecordedTask, read: readonly PlacedTask[]): readonly ProjectIssue[] {
  const what = `what \`adds\` of ${name} does not declare`;
  return read.flatMap(({ task, path, source }) => [
    ...(mayAdd(directives.adds, task.name) ? [] : [issueAt(source, path, `is ${task.name}, ${what}`)]),
    ...textsOf(task.directives.output)
      .filter((output) => !mayAdd(directives.adds, output))
      .map((output) => issueAt(source, [...path, "output"], `of ${task.name} is "${output}", ${what}`)),
  ]);
}

function takenNames(read: readonly PlacedTask[], others: readonly RecordedTask[]): readonly ProjectIssue[] {
  const byName = new Map(others.map((task) => [task.name, task]));
  return read.flatMap(({ task: { name }, path, source }) => {
    const taken = byName.get(name);
    if (!taken) return [];
    const owner = taken.addedBy === undefined ? taken.source : `${taken.source}, added by ${taken.addedBy}`;
    return [issueAt(source, path, `has the name "${name}" of a task of ${owner}: rename one`)];
  });
}
