/** Flow specs: tasks in an order, as data. What people write; `flow-document.ts` is what becomes of it. */

/** JSON by name. What is no JSON in it is refused where it comes in. */
export type Data = Record<string, unknown>;

/** A flow, before it is one. */
export interface FlowSpec {
  /** For people. Default: the key. */
  readonly label?: string;
  /** Unique among flows. Default: a UUID. */
  readonly key?: string;
  readonly cfg?: { readonly failFast?: boolean };
  /** What the flow begins with; its tasks read and write it. */
  readonly data?: Readonly<Data>;
  /** In order: one that names no neighbours follows the one before it. */
  readonly tasks: readonly TaskSpec[];
}

/** One task of a flow. */
export interface TaskSpec {
  /** Unique in its flow; without spaces, dots, slashes, quotes, brackets and `$`. Default `task-<place>`. */
  readonly key?: string;
  /** For people. Default: the key. */
  readonly label?: string;
  /** Which handler ticks it. */
  readonly taskType: string;
  /** What the handler is given. Texts that begin with `$ctx.` are replaced at the first tick. */
  readonly taskParams?: Readonly<Data>;
  /** What the task begins with. */
  readonly data?: Readonly<Data>;
  /** Keys of tasks that have to be completed before; `ROOT` and the empty list: none. */
  readonly precursors?: string | readonly string[];
  /** Keys of tasks that wait for this one. */
  readonly successors?: string | readonly string[];
}

/** A spec with names of fields in snake case. Both spellings can be mixed; one field has one. */
export interface SnakeFlowSpec extends Pick<FlowSpec, "label" | "key" | "data"> {
  readonly cfg?: { readonly fail_fast?: boolean };
  readonly tasks: readonly SnakeTaskSpec[];
}

/** A task of such a spec. */
export interface SnakeTaskSpec extends Omit<TaskSpec, "taskType" | "taskParams"> {
  readonly task_type: string;
  readonly task_params?: Readonly<Data>;
}

/** The precursor that is always completed. */
export const ROOT = "ROOT";
