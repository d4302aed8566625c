/** Edges are never drawn: they follow from what tasks say of each other. All of them stand within one source. */
import { addingChain, addingEdges, type ChainedTask } from "./adding-chain.js";
import { addsTasks } from "./may-add.js";
import type { Task } from "./task.js";
import type { TaskEdge } from "./task-edge.js";
import { TaskLineage } from "./task-lineage.js";
import { type Saying, sayingsOf } from "./task-sayings.js";

/** Something that a task says of others and that does not hold. */
export interface EdgeIssue {
  readonly task: string;
  readonly directive: string;
  readonly message: string;
}

/** A name, an output or a pattern of outputs that a task waits for, and that nobody has yet. */
export interface AwaitedText {
  readonly task: string;
  readonly text: string;
}

/** Edges of tasks whose names are unique: each once, sorted. */
export interface DerivedEdges {
  readonly edges: readonly TaskEdge[];
  readonly awaited: readonly AwaitedText[];
  readonly issues: readonly EdgeIssue[];
}

/** A task as far as edges follow from it. */
export type RelatedTask = Pick<Task, "name" | "directives"> & ChainedTask;

/**
 * Derives the edges among tasks. A pattern never leads a task to itself, and `after-re` and `before-re` may meet nothing. Whoever waits for
 * what a task may add waits for that task.
 */
export function deriveEdges(tasks: readonly RelatedTask[]): DerivedEdges {
  const edges = new Map<string, TaskEdge>();
  const put = (edge: TaskEdge): void => void edges.set(`${edge.from} ${edge.to}`, edge);
  const sayings = sayingsOf(tasks);
  for (const saying of sayings)
    for (const other of saying.met)
      put(isWaiting(saying) ? { from: other, to: saying.task } : { from: saying.task, to: other });
  const awaited: AwaitedText[] = [];
  const issues: EdgeIssue[] = [];
  const addersFor = addersOf(tasks, [...edges.values()]);
  for (const saying of sayings) {
    const { task, directive, text, unmet } = saying;
    const adders = addersFor(saying);
    const waits = isWaiting(saying);
    if (waits) for (const from of adders) put({ from, to: task, adds: true });
    if (unmet === undefined) continue;
    if (adders.length === 0) issues.push({ task, directive, message: unmet });
    else if (waits) awaited.push({ task, text });
  }
  return { edges: [...edges.values()].sort(byEnds), awaited, issues };
}

function isWaiting({ directive }: Saying): boolean {
  return directive !== "before" && directive !== "before-re";
}

/** For each saying: the tasks that may still add whom it means, and those that have. */
function addersOf(tasks: readonly RelatedTask[], edges: readonly TaskEdge[]): (saying: Saying) => readonly string[] {
  const adders = tasks.filter(addsTasks);
  if (adders.length === 0) return () => [];
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const lineage = new TaskLineage([...edges, ...addingEdges(tasks)]);
  const before = new Map(adders.map(({ name }) => [name, lineage.ancestors(name)]));
  return (saying) => {
    const coming = adders.filter(({ directives }) => saying.mayCome(directives.adds)).map(({ name }) => name);
    if (!isWaiting(saying)) return coming;
    // Whoever has added a task may add it otherwise when it is done again.
    const came = saying.met.flatMap((name) => addingChain(name, byName));
    // A task that was added is not there before those of its chain; and what a task waits for cannot wait for what it adds.
    const own = new Set([saying.task, ...addingChain(saying.task, byName)]);
    return [...new Set([...coming, ...came])].filter((name) => !own.has(name) && !before.get(name)?.has(saying.task));
  };
}

function byEnds(a: TaskEdge, b: TaskEdge): number {
  return compare(a.from, b.from) || compare(a.to, b.to);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
