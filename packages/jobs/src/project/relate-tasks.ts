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

/** A task that was read, of a source or of the list of a task. */
export interface PlacedTask extends ReadTask {
  /** The task that adds it. */
  readonly addedBy?: string;
}

/** The edges of all of them, and what is wrong with those that were read. */
export interface Relations {
  readonly edges: readonly TaskEdge[];
  readonly issues: readonly ProjectIssue[];
}

/** The issue of a task, at a directive; none for a task that is not judged. */
type Report = (name: string, directive: string | undefined, message: string) => readonly ProjectIssue[];

/**
 * Relates tasks of one source, each of which is in itself without fault.
 * @param others Those that are there already. They are not judged.
 */
export function relateTasks(read: readonly PlacedTask[], others: readonly RelatedTask[] = []): Relations {
  const twins = twinIssues(read);
  if (twins.length > 0) return { edges: [], issues: twins };
  const places = new Map(read.map((placed) => [placed.task.name, placed]));
  const at: Report = (name, directive, message) => {
    const placed = places.get(name);
    if (!placed) return [];
    const path = [...placed.path, ...(directive === undefined ? [] : [directive])];
    return [issueAt(placed.source, path, `of ${name} ${message}`)];
  };
  const own = read.map(({ task, addedBy }) => ({ ...task, ...(addedBy === undefined ? {} : { addedBy }) }));
  const tasks: readonly RelatedTask[] = [...others, ...own];
  const { edges, issues: unmet } = deriveEdges(tasks);
  const issues = [
    ...unmet.flatMap(({ task, directive, message }) => at(task, directive, message)),
    ...unknownResets(own, tasks, at),
  ];
  if (issues.length > 0) return { edges, issues };
  const cycle = waitingCycle(tasks, [...edges, ...addingEdges(tasks)]) ?? [];
  return { edges, issues: cycleIssues(cycle, at) };
}

function twinIssues(read: readonly ReadTask[]): readonly ProjectIssue[] {
  const first = new Map<string, ReadTask>();
  return read.flatMap((task) => {
    const { path, source } = task;
    const { name } = task.task;
    const twin = first.get(name);
    if (!twin) {
      first.set(name, task);
      return [];
    }
    const { path: where, place } = issueAt(twin.source, twin.path, "");
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
      .flatMap((other) => {
        const otherwise = `Name a task of its source, or ${RESET_WORDS.join(" or ")}`;
        return at(name, "reset", `names "${other}", which is no task. ${suggestName(other, names, otherwise)}`);
      }),
  );
}

/** Directives that say what waits for what. */
const ORDERING = ["after", "after-re", "input", "input-re", "before", "before-re"];

/** At the directive of a task of the cycle: which of its edges is the wrong one, nobody can tell. */
function cycleIssues(cycle: readonly RelatedTask[], at: Report): readonly ProjectIssue[] {
  const names = cycle.map(({ name }) => name).join(" waits for ");
  return cycle
    .flatMap(({ name, directives }) => {
      const directive = ORDERING.find((one) => Object.hasOwn(directives, one));
      return at(name, directive, `closes a cycle, which never begins: ${names}`);
    })
    .slice(0, 1);
}
