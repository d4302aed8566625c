/** A flow between two ticks: JSON, and all that there is to know of it. Another process goes on from it. */
import type { Data } from "./flow-spec.js";

/** Version of this document. */
export const FLOW_VERSION = 1;

/** How many tasks may stand in a row, each ticked in place of the one before it. */
export const MAX_PROXIES = 100;

/**
 *   PENDING ──▶ RUNNING ──▶ COMPLETED | FAILED
 */
export type FlowStatus = "PENDING" | "RUNNING" | "COMPLETED" | "FAILED";

/**
 *   PENDING ──▶ RUNNING ──▶ COMPLETED | FAILED | ABORTED (cut off by the end of its flow)
 *      └──────▶ SKIPPED (its precursors did not all complete, or its flow ended)
 */
export type TaskStatus = FlowStatus | "ABORTED" | "SKIPPED";

/** What went wrong in a flow. */
export interface FlowError {
  /** Key of the task. */
  readonly task: string;
  readonly message: string;
}

/** A flow. */
export interface FlowDocument {
  version: typeof FLOW_VERSION;
  key: string;
  label: string;
  cfg: { failFast: boolean };
  data: Data;
  status: FlowStatus;
  /** How often it was ticked. */
  ticks: number;
  /** In the order in which tasks failed. */
  errors: FlowError[];
  /** How many flows it stands in. */
  depth: number;
  /** Key of the flow that it stands in. */
  parentKey?: string;
  /** Key of the stored flow that waits for it, if it is stored itself. */
  waitedFor?: string;
  tasks: TaskDocument[];
}

/** A task of a flow. */
export interface TaskDocument {
  key: string;
  label: string;
  taskType: string;
  /** From the first tick on without `$ctx` references. */
  taskParams: Data;
  data: Data;
  /** Keys, without `ROOT`. */
  precursors: string[];
  status: TaskStatus;
  /** How often it was ticked. */
  ticks: number;
  /** Why it failed, was aborted or skipped. */
  error?: string;
  /** The task that is ticked in its place, until it is over: its end and its data are then this one's. */
  proxied?: TaskDocument;
}
