/** `Engine`: what `openEngine` gives. */
import type {
  JobGraph,
  LocalFunction,
  Manifest,
  PlanDocument,
  RuleSet,
  RunSummary,
  ToJobGraph,
  ToRuleSet,
} from "@millrace/core";
import type { ClassOf, Flow, FlowRegistry, ResultOf } from "@millrace/sdk";
import type { ResumeOptions } from "./resume-options.js";
import type { RulesResult } from "./rules-result.js";
import type { Run } from "./run.js";
import type { StartArguments, StartOptions } from "./start-options.js";

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
