/** The build of a source: reads its tasks, derives their edges, and finds all that is wrong before anything runs. */

import { doubtfulDirectives } from "./doubtful-directives.js";
import { type ProjectIssue, throwIssues } from "./project-issue.js";
import { readTasks } from "./read-tasks.js";
import { relateTasks } from "./relate-tasks.js";
import type { Task } from "./task.js";
import type { TaskEdge } from "./task-edge.js";
import { sourceOf } from "./yaml-source.js";

/** The tasks of one source, in its order, and their edges. */
export interface BuiltTasks {
  readonly tasks: readonly Task[];
  readonly edges: readonly TaskEdge[];
  /** What is most likely a mistake, and stops nothing. */
  readonly warnings: readonly ProjectIssue[];
}

/** What a text that is built is called in messages. */
export interface BuildOptions {
  /** Default `tasks`. */
  readonly file?: string;
}

/**
 * Builds tasks from YAML or JSON text, or from the list or mapping itself.
 * @throws MillraceError `project-invalid`, whose data lists every issue with its path, and its line and column where there is text.
 */
export function buildTasks(given: unknown, { file = "tasks" }: BuildOptions = {}): BuiltTasks {
  const source = sourceOf(given, file);
  const { tasks: read, issues } = readTasks(source);
  // What tasks say of each other can be judged only if all of them are known.
  throwIssues(issues);
  const { edges, issues: unrelated } = relateTasks(read);
  throwIssues(unrelated);
  const placed = read.map(({ task: { directives }, path }) => ({ directives, path }));
  return { tasks: read.map(({ task }) => task), edges, warnings: doubtfulDirectives(placed, source) };
}
