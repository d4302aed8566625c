/** The build of a source: reads its tasks, derives their edges, and finds all that is wrong before anything runs. */
import { cycleIn, orderGraph, suggestName } from "@millrace/core";
import { deriveEdges, type TaskEdge } from "./derive-edges.js";
import { doubtfulDirectives } from "./doubtful-directives.js";
import { type ProjectIssue, throwIssues } from "./project-issue.js";
import { issueAt, type ReadTask, readTasks } from "./read-tasks.js";
import { RESET_WORDS } from "./reset-tasks.js";
import { type Task, textsOf } from "./task.js";
import { objectSource, type Path, type Source, yamlSource } from "./yaml-source.js";

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
  const source = typeof given === "string" ? yamlSource(given, file) : objectSource(given);
  const { tasks: read, issues } = readTasks(source);
  // What tasks say of each other can be judged only if all of them are known.
  throwIssues(issues);
  throwIssues(twinIssues(read, source));
  const tasks = read.map(({ task }) => task);
  const pathOf = new Map(read.map(({ task, path }) => [task.name, path]));
  const at = (name: string, directive: string, message: string): ProjectIssue =>
    issueAt(source, [...(pathOf.get(name) ?? []), directive], `of ${name} ${message}`);
  const { edges, issues: unmet } = deriveEdges(tasks);
  throwIssues([
    ...unmet.map(({ task, directive, message }) => at(task, directive, message)),
    ...unknownResets(tasks, at),
  ]);
  throwIssues(cycleIssues(tasks, edges, at));
  const placed = read.map(({ task: { directives }, path }) => ({ directives, path }));
  return { tasks, edges, warnings: doubtfulDirectives(placed, source) };
}

function twinIssues(read: readonly ReadTask[], source: Source): readonly ProjectIssue[] {
  const first = new Map<string, Path>();
  return read.flatMap(({ task: { name }, path }) => {
    const twin = first.get(name);
    if (!twin) {
      first.set(name, path);
      return [];
    }
    const { path: where, place } = issueAt(source, twin, "");
    const line = place ? ` (line ${place.line})` : "";
    return [issueAt(source, [...path, "name"], `is "${name}", as is that of ${where}${line}: names are unique`)];
  });
}

function unknownResets(
  tasks: readonly Task[],
  at: (name: string, directive: string, message: string) => ProjectIssue,
): readonly ProjectIssue[] {
  const names = new Set(tasks.map(({ name }) => name));
  return tasks.flatMap(({ name, directives }) =>
    textsOf(directives.reset)
      .filter((other) => !names.has(other) && !RESET_WORDS.includes(other))
      .map((other) => {
        const otherwise = `Name a task of its source, or ${RESET_WORDS.join(" or ")}`;
        return at(name, "reset", `names "${other}", which is no task. ${suggestName(other, names, otherwise)}`);
      }),
  );
}

/** Directives that say what waits for what. */
const ORDERING = ["after", "after-re", "input", "input-re", "before", "before-re"];

/** At the directive of a task of the cycle: which of its edges is the wrong one, nobody can tell. */
function cycleIssues(
  tasks: readonly Task[],
  edges: readonly TaskEdge[],
  at: (name: string, directive: string, message: string) => ProjectIssue,
): readonly ProjectIssue[] {
  const cycle = cycleIn(
    orderGraph(
      tasks.map(({ name }) => ({ id: name })),
      edges,
      "skip-dependents",
    ),
  );
  if (!cycle) return [];
  const around = cycle.flatMap((i) => tasks[i] ?? []);
  const names = around.map(({ name }) => name).join(" waits for ");
  const [first] = around;
  const directive = ORDERING.find((one) => first && Object.hasOwn(first.directives, one)) ?? "";
  return [at(first?.name ?? "", directive, `closes a cycle, which never begins: ${names}`)];
}
