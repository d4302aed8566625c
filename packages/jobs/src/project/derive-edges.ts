/** Edges are never drawn: they follow from what tasks say of each other. All of them stand within one source. */
import { type RelatedTask, TaskAdders } from "./task-adders.js";
import type { TaskEdge } from "./task-edge.js";
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

/**
 * Derives the edges among tasks. A pattern never leads a task to itself, and `after-re` and `before-re` may meet nothing. Whoever waits for
 * what a task may add waits for that task.
 */
export function deriveEdges(tasks: readonly RelatedTask[]): DerivedEdges {
  const sayings = sayingsOf(tasks);
  const said = sayings.flatMap(edgesOf);
  const adders = new TaskAdders(tasks, said);
  const edges = new Map(said.map((edge) => [keyOf(edge), edge]));
  const wait = (task: string, adder: string): void => {
    const edge = { from: adder, to: task, adds: true } as const;
    edges.set(keyOf(edge), edge);
  };
  for (const { from, to } of said)
    for (const adder of adders.cameBy(from)) if (adders.canPrecede(adder, to)) wait(to, adder);
  const awaited: AwaitedText[] = [];
  const issues: EdgeIssue[] = [];
  for (const saying of sayings) {
    const { task, directive, text, unmet } = saying;
    const waits = isWaiting(saying);
    const coming = adders.comingFor(saying).filter((adder) => !waits || adders.canPrecede(adder, task));
    if (waits) for (const adder of coming) wait(task, adder);
    if (unmet === undefined) continue;
    if (coming.length === 0) issues.push({ task, directive, message: unmet() });
    else if (waits) awaited.push({ task, text });
  }
  return { edges: [...edges.values()].sort(byEnds), awaited, issues };
}

function edgesOf(saying: Saying): readonly TaskEdge[] {
  const { task, met } = saying;
  return met.map((other) => (isWaiting(saying) ? { from: other, to: task } : { from: task, to: other }));
}

function keyOf({ from, to }: TaskEdge): string {
  return `${from} ${to}`;
}

function isWaiting({ directive }: Saying): boolean {
  return directive !== "before" && directive !== "before-re";
}

function byEnds(a: TaskEdge, b: TaskEdge): number {
  return compare(a.from, b.from) || compare(a.to, b.to);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
