/** Handlers: what the tasks of flows do when they are ticked. Built-in ones stand in `handlers/`. */
import type { SpecFlow, TaskView } from "./flow.js";
import type { Data, SnakeTaskSpec, TaskSpec } from "./flow-spec.js";
import type { FlowRecords } from "./records/flow-records.js";

/**
 * What a tick of a task came to. Nothing: the task has completed. `"RUNNING"`: it is ticked again. A proxy: that task is ticked in its
 * place from the next tick on, and its data and end are the task's own. A throw is the task's failure.
 */
export type TickOutcome = undefined | "RUNNING" | { readonly proxy: TaskSpec | SnakeTaskSpec };

/** What a handler may return; it may take its time, and holds up its flow for as long. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return completes its task
export type TickReturn = TickOutcome | void | Promise<TickOutcome | void>;

/** Ticks a task, first and again. */
export type TickTask = (tick: TaskTick) => TickReturn;

/** A handler: one function for all ticks, or one for the first and one for the others. */
export type TaskHandler = TickTask | TaskHandlerParts;

/** A handler in parts. */
export interface TaskHandlerParts {
  /** Names of parameters in which `$ctx` is left alone: specs of other tasks and flows. */
  readonly deferred?: readonly string[];
  /** Asked for each task before the flow's first tick, with references unreplaced: what is wrong, as the end of a sentence. */
  readonly validate?: (params: Readonly<Data>) => string | undefined;
  readonly initialTick: TickTask;
  readonly intermediateTick?: TickTask;
}

/** What a handler is given. */
export interface TaskTick {
  readonly flow: SpecFlow;
  /** The task that is ticked; behind a proxy the one that stands there. */
  readonly task: TaskView;
  /** The task's parameters, without references. */
  readonly params: Readonly<Data>;
  /** The task's data: written to in place. Has to be JSON when the tick ends. */
  readonly data: Data;
  /** The flow's data: written to in place. Has to be JSON when the tick ends. */
  readonly flowData: Data;
  /** What the tick of the flow was given. */
  readonly options: TickOptions;
  /** Ticks a flow that the task has inside it, with the options of this tick. */
  tickFlow(inside: SpecFlow): Promise<SpecFlow>;
  /** Looks at a flow before its first tick, by another tick than this one. @throws MillraceError `flow-spec-invalid` if a type has no handler here. */
  checkFlow(inside: SpecFlow): void;
  /** Aborted when the time of this tick is over (`tickTimeout`): nothing that the handler writes then counts. */
  readonly signal: AbortSignal;
  /** Prints a line. */
  print(line: string): void;
}

/** Where tasks put flows that are to be stored, and who waits for them. */
export interface StoredFlows {
  readonly records: FlowRecords;
  /** Key of the flow that is ticked. */
  readonly parent: string;
}

/** What ticks need from outside. Nothing of it is kept with the flow. */
export interface TickOptions {
  /** Handlers by task type, before the built-in ones. */
  readonly handlers?: Readonly<Record<string, TaskHandler>>;
  /** Transforms of `wire` by name, beside the built-in ones. */
  readonly transforms?: Readonly<Record<string, (value: unknown) => unknown>>;
  /** Where `flow` tasks with `stored: true` put their flows. `runStoredFlows` gives its own records. */
  readonly stored?: StoredFlows;
  /** Longest tick of a handler of yours, in ms: a task whose tick takes longer has failed. Default: none. */
  readonly tickTimeout?: number;
  /** Where `print` and `log` tasks print. Default: standard output. */
  readonly print?: (line: string) => void;
}
