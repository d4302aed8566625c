/** The tasks of a source that add others, as those see them that wait. */
import { addingChain, addingEdges, type ChainedTask } from "./adding-chain.js";
import { addsTasks } from "./may-add.js";
import type { Task } from "./task.js";
import type { TaskEdge } from "./task-edge.js";
import { TaskLineage } from "./task-lineage.js";
import type { Saying } from "./task-sayings.js";

/** A task as far as edges follow from it. */
export type RelatedTask = Pick<Task, "name" | "directives"> & ChainedTask;

/** Who may add what, and before whom. */
export class TaskAdders {
  readonly #adders: readonly RelatedTask[];
  readonly #byName: ReadonlyMap<string, RelatedTask>;
  /** Adder → what it waits for, itself or through others. */
  readonly #before: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param edges Those that follow from the tasks that are there. */
  constructor(tasks: readonly RelatedTask[], edges: readonly TaskEdge[]) {
    this.#adders = tasks.filter(addsTasks);
    this.#byName = new Map(tasks.map((task) => [task.name, task]));
    const lineage = new TaskLineage(this.#adders.length === 0 ? [] : [...edges, ...addingEdges(tasks)]);
    this.#before = new Map(this.#adders.map(({ name }) => [name, lineage.ancestors(name)]));
  }

  /** Those that may add a task that a saying means. */
  comingFor({ mayCome }: Saying): readonly string[] {
    return this.#adders.filter(({ directives }) => mayCome(directives.adds)).map(({ name }) => name);
  }

  /** Those that have added a task, or a task of that chain: done again, they may add it otherwise. */
  cameBy(name: string): readonly string[] {
    return this.#adders.length === 0 ? [] : addingChain(name, this.#byName);
  }

  /** Whether a task can wait for what an adder adds: not if it was added by it, nor if the adder waits for it. */
  canPrecede(adder: string, task: string): boolean {
    return adder !== task && !this.cameBy(task).includes(adder) && !this.#before.get(adder)?.has(task);
  }
}
