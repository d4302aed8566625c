/** The first stage of a project: a list of tasks, or a mapping with `tasks`, becomes tasks. What they say of each other is checked by buildTasks. */
import { isObject } from "@millrace/core";
import { checkDirective } from "./check-directives.js";
import type { ProjectIssue } from "./project-issue.js";
import type { Directives, Task } from "./task.js";
import { taskIdentity } from "./task-identity.js";
import type { Path, Source } from "./yaml-source.js";

/** Names of tasks. */
export const TASK_NAME: RegExp = /^[A-Za-z0-9_-]+$/;

/** A task with what leads to it in its source. */
export interface ReadTask {
  readonly task: Task;
  readonly path: Path;
  readonly source: Source;
}

/** What came of a source. */
export interface ReadTasks {
  readonly tasks: readonly ReadTask[];
  readonly issues: readonly ProjectIssue[];
}

/** What a source may be. */
interface ReadOptions {
  /** It may have no tasks, or nothing at all. */
  readonly mayBeEmpty?: boolean;
}

/** Reads every task that is one, and says what is wrong with the others. */
export function readTasks(source: Source, { mayBeEmpty = false }: ReadOptions = {}): ReadTasks {
  const issues: ProjectIssue[] = [];
  const tasks: ReadTask[] = [];
  const report = (path: Path, message: string): void => void issues.push(issueAt(source, path, message));
  if (mayBeEmpty && isEmpty(source.value)) return { tasks, issues };
  const [root, list] = listOf(source.value);
  if (!list) {
    // A job names its tasks: they are a mapping.
    const isJob = isObject(source.value) && isObject(source.value.tasks);
    report(root, `must be a list of tasks, or a mapping with \`tasks\`${isJob ? "; a job is for `flow run`" : ""}`);
    return { tasks, issues };
  }
  if (list.length === 0 && !mayBeEmpty) report(root, "has no tasks: there is nothing to do");
  for (const [i, given] of list.entries()) {
    const path = [...root, i];
    const task = readTask(given, path, report);
    if (task) tasks.push({ task, path, source });
  }
  return { tasks, issues };
}

/** An issue at a path of a source. */
export function issueAt(source: Source, path: Path, message: string): ProjectIssue {
  const place = source.placeOf(path);
  return { path: pathText(path), message, ...(place ? { place } : {}) };
}

/** An empty text is a mapping without keys. */
function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function listOf(value: unknown): readonly [Path, readonly unknown[] | undefined] {
  if (Array.isArray(value)) return [[], value];
  const tasks = isObject(value) ? value.tasks : undefined;
  return [["tasks"], Array.isArray(tasks) ? tasks : undefined];
}

function readTask(given: unknown, path: Path, report: (path: Path, message: string) => void): Task | undefined {
  if (!isObject(given)) {
    report(path, "must be a task: a mapping of directives");
    return undefined;
  }
  let good = true;
  const directives: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    // An empty directive of a template says nothing.
    if (key === "name" || value === null || value === undefined) continue;
    const wrong = checkDirective(key, value);
    if (wrong !== undefined) {
      report([...path, key], `${wrong}, not ${shown(value)}`);
      good = false;
    }
    Object.defineProperty(directives, key, { value, enumerable: true, configurable: true, writable: true });
  }
  const { name } = given;
  if (name !== undefined && name !== null && (typeof name !== "string" || !TASK_NAME.test(name))) {
    report([...path, "name"], `must be made of letters, digits, _ and -, not ${shown(name)}`);
    good = false;
  }
  if (given.adds !== undefined && given.adds !== null && !given.cmd) {
    report([...path, "adds"], "is of a task without `cmd`: nothing would add any");
    good = false;
  }
  if (!good) return undefined;
  // Checked above: every directive with a meaning has its form.
  const checked = directives as Directives;
  const identity = taskIdentity(checked);
  return { name: typeof name === "string" ? name : `task-${identity.slice(0, 12)}`, identity, directives: checked };
}

function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
