/** Front ends beside classes and functions. Each is pure: it makes a job graph, and the engine runs that. */
export type { FailurePolicy, JobEdge, JobGraph, JobNode, JobParam, JobRun, ToJobGraph } from "@millrace/core";
export { type NodeSelection, selectNodes } from "@millrace/core";
