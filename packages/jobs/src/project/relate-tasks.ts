/** What tasks that were read say of each other: their edges, or all that is wrong with them. */
import { suggestName } from "@millrace/core";
import { addingEdges } from "./adding-chain.js";
import { deriveEdges } from "./derive-edges.js";
import { mayAdd } from "./may-add.js";
import type { ProjectIssue } from "./project-issue.js";
import { issueAt, type ReadTask } from "./read-tasks.js";
import { RESET_WORDS } from "./reset-tasks.js";
import { textsOf } from "./task.js";
import type { RelatedTask } from "./task-adders.js";
import type { TaskEdge } from "./task-edge.js";
import { waitingCycle } from "./waiting-cycle.js";
import type { Path, Source } from "./yaml-source.js";

/** Tasks that were read, and those that are there already. */
export interface RelatedTasks {
  readonly source: Source;
  readonly read: readonly ReadTask[];
  /** Of the same source; they are not judged. Default: none. */
  readonly others?: readonly RelatedTask[];
  /** The task that adds those that were read. */
  readonly addedBy?: string;
}

/** The edges of all of them, and what is wrong with those that were read. */
export interface Relations {
  readonly edges: readonly TaskEdge[];
  readonly issues: readonly ProjectIssue[];
}

type Report = (name: string, directive: string | undefined, message: string) => ProjectIssue;

/** Relates tasks, each of which is in itself without fault. */
export function relateTasks({ source, read, others = [], addedBy }: RelatedTasks): Relations {
  const twins = twinIssues(read, source);
  if (twins.length > 0) return { edges: [], issues: twins };
  const pathOf = new Map(read.map(({ task, path }) => [task.name, path]));
  const at: Report = (name, directive, message) =>
    issueAt(
      source,
      [...(pathOf.get(name) ?? []), ...(directive === undefined ? [] : [directive])],
      `of ${name} ${message}`,
    );
  const own = read.map(({ task }) => ({ ...task, ...(addedBy === undefined ? {} : { addedBy }) }));
  const tasks: readonly RelatedTask[] = [...others, ...own];
  const { edges, issues: unmet } = deriveEdges(tasks);
  const issues = [
    ...unmet.filter(({ task }) => pathOf.has(task)).map(({ task, directive, message }) => at(task, directive, message)),
    ...unknownResets(own, tasks, at),
  ];
  if (issues.length > 0) return { edges, issues };
  const cycle = waitingCycle(tasks, [...edges, ...addingEdges(tasks)]) ?? [];
  return { edges, issues: cycleIssues(cycle, pathOf, at) };
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
  own: readonly RelatedTask[],
  tasks: readonly RelatedTask[],
  at: Report,
): readonly ProjectIssue[] {
  const names = new Set(tasks.map(({ name }) => name));
  const mayCome = (name: string): boolean => tasks.some(({ directives }) => mayAdd(directives.adds, name));
  return own.flatMap(({ name, directives }) =>
    textsOf(directives.reset)
      .filter((other) => !names.has(other) && !RESET_WORDS.includes(other) && !mayCome(other))
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
  cycle: readonly RelatedTask[],
  pathOf: ReadonlyMap<string, Path>,
  at: Report,
): readonly ProjectIssue[] {
  const first = cycle.find(({ name }) => pathOf.has(name));
  if (!first) return [];
  const names = cycle.map(({ name }) => name).join(" waits for ");
  const directive = ORDERING.find((one) => Object.hasOwn(first.directives, one));
  return [at(first.name, directive, `closes a cycle, which never begins: ${names}`)];
}
