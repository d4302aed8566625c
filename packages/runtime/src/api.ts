/** The public surface of the engine, as types: what `millrace/engine` promises. */
import type {
  BuildHash,
  Clock,
  Executor,
  JobGraph,
  LocalFunction,
  Manifest,
  Observer,
  PlanDocument,
  RuleSet,
  RunEvent,
  RunId,
  RunOrigin,
  RunState,
  RunStore,
  RunSummary,
  SettledState,
  StepRef,
  StepState,
  StepTotals,
  SuspendReason,
  ToJobGraph,
  Token,
  ToRuleSet,
} from "@millrace/core";
import type {
  Callable,
  ClassOf,
  Flow,
  FlowRegistry,
  ParamsArgument,
  ParamsOf,
  ResultOf,
  SharedKey,
  SharedPair,
  SharedValue,
} from "@millrace/sdk";
import type { Spawner, SpawnerAround } from "./executors/spawn/spawner.js";

/** How an engine is opened. Everything has a default that suits a project in the current folder. */
export interface EngineOptions {
  /** The project's folder, or one inside it. Default: the current folder. */
  readonly cwd?: string;
  /**
   * Build to pin. Default: the current one (`.flow/manifest.json`). `none`: no build is needed; the engine knows no tasks and flows, and
   * runs job graphs of commands and local functions.
   */
  readonly build?: BuildHash | "none";
  /** Where runs are kept. Default: the `checkpointer` of `millrace` in package.json; `.flow/state.db`. The engine closes a store only if it opened it. */
  readonly store?: RunStore;
  /** Where attempts run. Default: threads. The engine closes an executor only if it opened it. */
  readonly executor?: "threads" | "inline" | Executor;
  /** Who runs the commands of `shell` nodes. Default: the `commands` of `millrace` in package.json; bash, as many at once as the machine has processors. */
  readonly commands?: Spawner | SpawnerAround;
  /** Who runs `container` nodes. Default: the `containers` of `millrace` in package.json; Docker or Podman, whose client is on the PATH. */
  readonly containers?: Spawner | SpawnerAround;
  /** Worker threads. Default: the machine's parallelism. */
  readonly threads?: number;
  /** A thread that holds more than this after a step is replaced before the next, MiB: heap and buffers. Default: three quarters of its heap's limit. */
  readonly recycleMiB?: number;
  /** Steps that run at once over all lanes. Default: no limit but the lanes. */
  readonly maxConcurrency?: number;
  /** Sizes of named pools, laid over those of `millrace` in package.json: no more steps of a pool run at once. */
  readonly pools?: Readonly<Record<string, number>>;
  /**
   * Totals of resource tokens, laid over those of `millrace` in package.json. Default: `cpus`, the machine's parallelism, and
   * `memory`, its MiB.
   */
  readonly resources?: Readonly<Record<string, number>>;
  /** Who watches. Default: the `loggers` and `extensions` of `millrace` in package.json; without `loggers`, the file logger. */
  readonly observers?: readonly Observer[];
  /** `auto`: go on with runs whose owner died, was interrupted or found no threads, and with those that wait. Default `none`. */
  readonly recover?: "auto" | "none";
  /**
   * `suspend`: a run that waits for messages, or for a time more than 10 s away, and for nothing else is suspended (reason
   * `wait`), so that the process can end; it goes on with `resume`. Default `stay`: it waits in the process.
   */
  readonly waits?: "stay" | "suspend";
  /**
   * A run fails if it does not conform to its flow's graph: a call that the graph does not know, or that comes before what
   * the graph lets it wait for. Default false: unknown calls are recorded as `dynamic`, with a warning.
   */
  readonly strict?: boolean;
  /**
   * Starts the flows that have a schedule when their time comes, once however many engines keep the same schedules on one store. A
   * function is told what happens. Default false. The timers keep the process alive until the engine is closed.
   */
  readonly schedules?: boolean | ((event: ScheduleEvent) => void);
  /** Functions that the `local` nodes of job graphs run on the main thread, by name. See `Engine.local`. */
  readonly locals?: Readonly<Record<string, LocalFunction>>;
  /** Source of time. */
  readonly clock?: Clock;
}

/** What happened at the instants of a schedule; times are ms since 1970. */
export type ScheduleEvent =
  /** This engine started the run of an instant. */
  | { readonly type: "started"; readonly flow: string; readonly instant: number; readonly run: RunId }
  /** An instant was left out: `run` still goes. */
  | { readonly type: "skipped"; readonly flow: string; readonly instant: number; readonly run: RunId }
  /** Instants passed while no process was there, or while the machine slept. */
  | {
      readonly type: "missed";
      readonly flow: string;
      /** How many; if there are `more`, the newest of them. */
      readonly count: number;
      readonly more: boolean;
      readonly first: number;
      readonly last: number;
      /** For how many of them a run is started now. */
      readonly madeUp: number;
    }
  /** The run of an instant could not be started; the schedule goes on. */
  | { readonly type: "failed"; readonly flow: string; readonly instant: number; readonly error: Error };

/** What becomes of a start under an id that a run has already. */
export type IfExists =
  /** It is refused with `run-exists`. */
  | "fail"
  /**
   * It stands for that run: one that this engine drives is the same object; one that nobody drives goes on from its record; one
   * that has ended gives what is on record, as a result or a failure. Nothing is done twice.
   */
  | "attach"
  /** As `attach`, but one that has failed goes on: what its error blames is tried again. */
  | "resume";

/** How a run is started. */
export interface StartOptions {
  /** Id of the run. Default: generated, sortable by time. */
  readonly id?: string;
  /** What a run that has the id already means. Default `fail`. */
  readonly ifExists?: IfExists;
  /** Selectors of steps that are held before they begin, from the first one on; see `Run.break`. */
  readonly breakpoints?: readonly string[];
  /** The file that the flow, graph or rules come from: kept on record for whoever goes on with the run, and of no other meaning. */
  readonly origin?: RunOrigin;
}

/** The breakpoints of a run, and what they hold. */
export interface RunBreakpoints {
  /** In the order in which they were set. */
  readonly selectors: readonly string[];
  /** Every step that begins is held. */
  readonly stepping: boolean;
  /** The longest held first. */
  readonly held: readonly StepRef[];
}

/** How a run goes on. */
export interface ResumeOptions {
  /** `current`: the engine's build; `recorded`: the build that ran it last. Default `current`. */
  readonly code?: "current" | "recorded";
  /** Go on although the replay diverges from the record. */
  readonly accept?: boolean;
  /** Let a cancelled run go on. */
  readonly reopen?: boolean;
  /** Where records belong whose calls cannot be found again in changed code: site then → site now. */
  readonly map?: Readonly<Record<string, string>>;
  /** Sites whose records are not used: what they called runs again, with everything inside it. */
  readonly rerun?: readonly string[];
  /** Functions that the `local` nodes of its job graph run, beside those that the engine has: `scheduler.locals`. */
  readonly locals?: Readonly<Record<string, LocalFunction>>;
}

/** How a run ended or stopped. */
export type RunOutcome<R = unknown> = {
  readonly totals: StepTotals;
  /** From start or resume, ms. */
  readonly durationMs: number;
} & (
  | { readonly status: "succeeded"; readonly value: R }
  | { readonly status: "failed" | "aborted"; readonly error: Error }
  /** `error` is set if the run lost its store or its ownership. */
  | {
      readonly status: "suspended";
      readonly reason: SuspendReason;
      readonly message: string;
      /** Names of the messages that it waits for, with reason `wait`. */
      readonly awaits?: readonly string[];
      readonly error?: Error;
    }
);

/** The shared state of a run, as it is committed now. It stays readable when the run is over. */
export interface SharedView {
  /** The value of a key, undefined if there is none. */
  get<K extends SharedKey>(key: K): Promise<SharedValue<K> | undefined>;
  /** All keys with their values, sorted by key. */
  entries(): Promise<SharedPair[]>;
}

/** Something that a reader of a stream hears. */
export type StreamPart =
  /** An attempt began: what the step has emitted before is void. */
  | { readonly type: "began"; readonly step: StepRef; readonly attempt: number }
  /** `value` is what `emit` was given. */
  | { readonly type: "chunk"; readonly step: StepRef; readonly attempt: number; readonly value: unknown }
  /** So many parts were dropped here, since the reader was too slow. */
  | { readonly type: "dropped"; readonly parts: number }
  /** The step is over, and that is on record. */
  | { readonly type: "ended"; readonly step: StepRef; readonly state: SettledState };

/** A step as it is on record. */
export interface RecordedStep<V = unknown> {
  readonly step: StepRef;
  /** `backing-off` or `pending` if no outcome is recorded yet. */
  readonly state: StepState;
  /** Attempts begun. */
  readonly attempts: number;
  /** Those of them that have ended, the first one first. */
  readonly tries: readonly RecordedTry[];
  /** ms since 1970; null if it never ran. */
  readonly startedAt: number | null;
  /** ms since 1970; null while it is not settled. */
  readonly endedAt: number | null;
  /** Its result, if it succeeded and gave one. */
  readonly value?: V;
  /** Why it did not succeed. */
  readonly error?: Error;
}

/** An attempt that has ended. Times are ms since 1970. */
export interface RecordedTry {
  /** Null if it is not on record. */
  readonly startedAt: number | null;
  readonly endedAt: number;
  /** Why it did not succeed; absent if it did. */
  readonly error?: Error;
}

/** A run in this process. */
export interface Run<R = unknown> {
  readonly id: RunId;
  /** Flow id. */
  readonly flow: string;
  /** Where it stands now. */
  readonly state: RunState;
  /** Counts of the settled steps so far. */
  readonly totals: StepTotals;
  /** What its steps share. */
  readonly shared: SharedView;
  /** The flow's result. Rejects with the flow's error, or a MillraceError `run-aborted` or `run-suspended`. */
  result(): Promise<R>;
  /** How the run ended or stopped; never rejects for the flow's sake. */
  outcome(): Promise<RunOutcome<R>>;
  /** What happens from now on (asked for right after `start`: everything); ends with the run. At most 10,000 unread events are kept, moments go first. */
  events(): AsyncIterable<RunEvent>;
  /**
   * The steps that are on record now, in the order of their records: tasks, sub-flows, graphs, local steps. Results are decoded
   * one by one. It stays readable when the run is over. @throws MillraceError `unknown-run` before its first fact is written.
   */
  steps(): AsyncIterable<RecordedStep>;
  /**
   * What steps emit from now on (asked for right after `start`: everything), with the attempts that it comes from. Names them by
   * the class or id of their task, by node, or one of them by its key; ends with the run, or with the step of the key. At most 1,000
   * unread parts, of 16 MiB in all, are kept, the oldest go. A reader that stops early leaves nothing behind.
   */
  stream(step: ClassOf<Callable> | string): AsyncIterable<StreamPart>;
  /**
   * Sends it a message, for a `waitFor` of that name; resolves when it is on record. @throws MillraceError `run-over`,
   * `value-not-sendable`.
   */
  send(name: string, data?: unknown): Promise<void>;
  /** What is to be held, and what is. */
  readonly breakpoints: RunBreakpoints;
  /**
   * Holds steps before they begin: a task, flow, node, label or key, `*` for any text, or `/a regular expression/`. Everything else goes
   * on. Kept on record, for every later owner of the run. @throws MillraceError `usage`, `run-over`.
   */
  break(selector: string): Promise<void>;
  /** Takes one breakpoint away, or all: what nothing holds any more goes on. @throws MillraceError `run-over`. */
  unbreak(selector?: string): Promise<void>;
  /**
   * What is held goes on. `step`: only the longest held does, and every step that begins from then on is held, until the next
   * `continue` without it. @throws MillraceError `run-over`.
   */
  continue(options?: { readonly step?: boolean }): Promise<void>;
  /** Asks the run to end as aborted; resolves when it has ended. */
  cancel(reason?: string): Promise<void>;
}

/** The result of a rule set. */
export interface RulesResult {
  /** Tokens in all. */
  readonly tokens: number;
  readonly firings: number;
  /** Those that no rule matched, unless the set ignores them. */
  readonly unmatched: readonly { readonly id: string; readonly body: Token }[];
}

/** A running engine: pins one build, owns its runs. */
export interface Engine {
  /** The pinned build. */
  readonly manifest: Manifest;
  /** The project's folder. */
  readonly root: string;
  /**
   * Starts a flow, by class or name. What only the store knows is told by the run: `run-exists`, `run-differs` (another flow, or
   * other parameters, than the run on record under the id), `run-owned` (another process drives it).
   * @throws MillraceError `unknown-flow`, `invalid-parameters`, `limit-unmeetable`, `engine-closed`; `run-exists` and `run-differs`
   * for a run of this engine.
   */
  start<T extends Flow>(target: ClassOf<T>, ...args: StartArguments<T>): Run<ResultOf<T>>;
  start<N extends keyof FlowRegistry>(
    name: N,
    ...args: StartArguments<FlowRegistry[N]>
  ): Run<ResultOf<FlowRegistry[N]>>;
  /** For names that are known only while running. */
  start<N extends string>(
    name: N & (N extends keyof FlowRegistry ? never : unknown),
    params?: object,
    options?: StartOptions,
  ): Run;
  /**
   * Starts a job graph; its result is that of each node which nothing waits for, by id. The run keeps the graph: it goes on without
   * whoever made it. @throws MillraceError `job-graph-invalid`, `limit-unmeetable`, `engine-closed`, `run-exists`, `run-differs`.
   */
  start(graph: JobGraph | ToJobGraph, options?: StartOptions): Run<Readonly<Record<string, unknown>>>;
  /**
   * Starts a rule set; its result tells how much there was of it, and which tokens no rule matched. The run keeps the set, and takes tokens and
   * other rules while it goes on (`run.send("token", body)`, `run.send("rules", change)`).
   * @throws MillraceError `rules-invalid`, `limit-unmeetable`, `engine-closed`, `run-exists`, `run-differs`.
   */
  start(rules: RuleSet | ToRuleSet, options?: StartOptions): Run<RulesResult>;
  /**
   * Names a function that the `local` nodes of job graphs can run. A run that goes on needs those of its graph; what is to go on with
   * `recover: "auto"` needs them in `openEngine({ locals })`. @throws MillraceError `invalid-options` if another function has the name.
   */
  local(name: string, fn: LocalFunction): void;
  /**
   * Goes on with a run of the store.
   * @throws MillraceError `unknown-run`, `run-owned`, `run-not-resumable`, `limit-unmeetable`, `job-graph-invalid`.
   */
  resume(id: string, options?: ResumeOptions): Promise<Run>;
  /**
   * What `resume` with the same options would do, call by call. The flow's own code runs, as on every resume; no step does, and
   * nothing is written. A run that has an owner is planned as it is on record now.
   * @throws MillraceError `unknown-run`, `run-not-resumable`, `usage` for a run of a job graph or rule set.
   */
  plan(id: string, options?: ResumeOptions): Promise<PlanDocument>;
  /**
   * Sends a message to a run, wherever it runs or waits; resolves when it is on record. A run that nobody owns gets it when it
   * goes on. @throws MillraceError `unknown-run`, `run-over`, `value-not-sendable`.
   */
  send(id: string, name: string, data?: unknown): Promise<void>;
  /** Runs of the store, newest first. */
  runs(): Promise<readonly RunSummary[]>;
  /** Interrupts what still runs (it can be resumed), flushes and releases everything. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Arguments of `start`: parameters may be left out when all are optional. */
export type StartArguments<T> =
  Record<never, never> extends ParamsOf<T>
    ? [params?: ParamsArgument<T>[0], options?: StartOptions]
    : [params: ParamsOf<T>, options?: StartOptions];
