/** That what a task waits for is there and comes before it. Gives the edges of the graph. */
import type { ReportFinding } from "./findings.js";
import { adviceOnTask, type KnownTasks } from "./known-tasks.js";
import type { Dependency, ReadTask } from "./read-task.js";

/** An edge and the place that asks for it. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly span: Dependency["span"];
}

/** So many tasks of a cycle are named. */
const SHOWN = 12;

/** The edges: those of `dependencies`, and one from each task whose result is taken. A cycle is reported, and stays. */
export function checkDependencies(
  tasks: readonly ReadTask[],
  known: KnownTasks,
  report: ReportFinding,
): readonly PlacedEdge[] {
  const edges = tasks.flatMap((task) => edgesTo(task, known, report));
  const cycle = findCycle(tasks, edges);
  if (!cycle) return edges;
  const [first] = cycle as readonly [PlacedEdge];
  const names = [first.to, ...cycle.map(({ from }) => from)];
  const shown =
    names.length > SHOWN ? [...names.slice(0, SHOWN - 1), `… ${names.length - SHOWN} others …`, first.to] : names;
  report({
    code: "job-invalid",
    span: first.span,
    message: `The tasks wait for each other, and none would ever begin: ${shown.join(" waits for ")}.`,
    hint: "Remove one of the dependencies. Whoever takes a result waits for it, too.",
    related: cycle.slice(1, SHOWN).map(({ from, to, span }) => ({ span, message: `${to} waits for ${from}` })),
  });
  return edges;
}

function edgesTo(
  { node: { id }, dependencies, taken }: ReadTask,
  known: KnownTasks,
  report: ReportFinding,
): readonly PlacedEdge[] {
  const edges = new Map<string, PlacedEdge>();
  for (const { task, span } of [...dependencies, ...taken]) {
    if (task === id) {
      const message = `"tasks.${id}" waits for itself.`;
      report({ code: "job-invalid", span, message, hint: "Remove its own name." });
    } else if (!known.names.has(task)) {
      const message = `"tasks.${id}" waits for "${task}", which is no task of the job.`;
      if (known.wholly) report({ code: "job-invalid", span, message, hint: adviceOnTask(task, known) });
    } else if (!edges.has(task)) edges.set(task, { from: task, to: id, span });
  }
  return [...edges.values()];
}

/** The edges of one cycle, each from what the one before waits for; depth first, each task once. */
function findCycle(tasks: readonly ReadTask[], edges: readonly PlacedEdge[]): readonly PlacedEdge[] | undefined {
  const before = new Map(tasks.map(({ node }): [string, PlacedEdge[]] => [node.id, []]));
  for (const edge of edges) before.get(edge.to)?.push(edge);
  const done = new Set<string>();
  for (const { node } of tasks) {
    // A way without recursion: jobs may be thousands of tasks long.
    const way: { readonly task: string; readonly by?: PlacedEdge; next: number }[] = [{ task: node.id, next: 0 }];
    const places = new Map([[node.id, 0]]);
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const edge = done.has(top.task) ? undefined : before.get(top.task)?.[top.next++];
      if (!edge) {
        done.add(top.task);
        places.delete(top.task);
        way.pop();
        continue;
      }
      const met = places.get(edge.from);
      if (met !== undefined) return [...way.slice(met + 1).flatMap(({ by }) => by ?? []), edge];
      if (done.has(edge.from)) continue;
      places.set(edge.from, way.length);
      way.push({ task: edge.from, by: edge, next: 0 });
    }
  }
  return undefined;
}
