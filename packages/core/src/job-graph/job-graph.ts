/**
 * Job graphs: runs that are data. Nodes name what runs and where its parameters come from, edges what waits for what. Front
 * ends make them, the graph driver runs them (runtime/src/drivers/graph); nothing of a job graph is code, so nothing is replayed.
 */
import type { Duration } from "../options/duration.js";
import type { StepOptions } from "../options/step-options.js";

/** Version of this document. */
export const JOB_GRAPH_VERSION = 1;

/** Name of a graph that gives itself none. */
export const UNNAMED_GRAPH = "job-graph";

/** What a node that did not succeed means to those that stand behind it. */
export type FailurePolicy =
  /** They are skipped, and what stands behind them likewise; the rest goes on. */
  | "skip-dependents"
  /** All of the graph ends: what runs is aborted, what has not begun is skipped. */
  | "fail-fast"
  /** They run all the same, unless they take a result that there is not. */
  | "run-dependents";

/** Every policy. */
export const FAILURE_POLICIES: readonly FailurePolicy[] = ["skip-dependents", "fail-fast", "run-dependents"];

/** A job graph. */
export interface JobGraph {
  readonly version: typeof JOB_GRAPH_VERSION;
  /** Stands in lists and keys where the id of a flow does. Default `job-graph`. */
  readonly name?: string;
  /** Policy of edges that name none, and of nodes that nothing waits for. Default `skip-dependents`. */
  readonly policy?: FailurePolicy;
  /** Longest time of the whole graph. */
  readonly timeout?: Duration;
  /** Most nodes of this graph that run at once; a graph inside is one, and what runs forever is none. No limit if absent. */
  readonly window?: number;
  readonly nodes: readonly JobNode[];
  readonly edges: readonly JobEdge[];
}

/** One job. */
export interface JobNode {
  /** Unique in its graph; without spaces, dots, slashes, quotes, brackets and `$`. */
  readonly id: string;
  readonly run: JobRun;
  /** By the name of the parameter, or a path into it: `request.url`. */
  readonly params?: Readonly<Record<string, JobParam>>;
  readonly options?: StepOptions;
  /**
   * What its failure means to the whole graph. `true`: the graph ends at once and has failed. `false`: the graph does not fail for its
   * sake. Absent: the policies say how the graph goes on, and at its end it has failed.
   */
  readonly critical?: boolean;
  /** It runs beside the others and is aborted when all of them are over. */
  readonly forever?: boolean;
}

/** What a node runs. */
export type JobRun =
  /** Id of a task, in a thread. */
  | { readonly task: string }
  /** Id of a flow, as a sub-flow. */
  | { readonly flow: string }
  /** A graph of its own, whose nodes see nothing of this one. */
  | { readonly graph: JobGraph }
  /** Name of a function that was given to the engine, on the main thread. */
  | { readonly local: string }
  /** A command, for bash. */
  | { readonly shell: string }
  /** An image that is run in a container: `alpine:3.20`. */
  | { readonly container: string };

/** Where a parameter comes from. */
export type JobParam =
  | { readonly value: unknown }
  /** The result of a node that is over before, or the part of it at `path`: `items.0.name`. */
  | { readonly from: string; readonly path?: string }
  /** A text with references in it: `Hello ${{ fetch.user.name }}`. */
  | { readonly template: string }
  /** A list, each item from where it says. */
  | { readonly list: readonly JobParam[] }
  /** An object, each property from where it says. */
  | { readonly fields: Readonly<Record<string, JobParam>> };

/** `to` waits for `from`. */
export interface JobEdge {
  readonly from: string;
  readonly to: string;
  readonly policy?: FailurePolicy;
}

/** The name that a graph goes by. */
export function graphName({ name = UNNAMED_GRAPH }: JobGraph): string {
  return name;
}
