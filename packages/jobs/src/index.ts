/** Front ends beside classes and functions. Each makes a job graph, and the engine runs that. */
export type { FailurePolicy, JobEdge, JobGraph, JobNode, JobParam, JobRun, ToJobGraph } from "@millrace/core";
export { AbstractJob, type LocalJobOptions } from "./scheduler/abstract-job.js";
export { Command, type CommandParams, type CommandResult } from "./scheduler/command.js";
export {
  type CodeJobArguments,
  type CodeJobOptions,
  Job,
  type JobConstructor,
  type JobParams,
} from "./scheduler/job.js";
export type { JobOptions } from "./scheduler/job-base.js";
export type {
  AnyJob,
  JobContext,
  JobGroup,
  JobReference,
  JobSet,
  Jobs,
  JobWork,
  RequireOptions,
} from "./scheduler/job-model.js";
export type { JobReport, JobState } from "./scheduler/job-report.js";
export type { OrResult, Taken } from "./scheduler/job-result.js";
export { type MonitorOptions, type MonitorStream, monitor } from "./scheduler/monitor.js";
export type { Outcome } from "./scheduler/outcome.js";
export type { ListOptions } from "./scheduler/outcome-text.js";
export type { FollowOptions, JobChange, ScheduledRun } from "./scheduler/scheduled-run.js";
export { type Between, Scheduler, type SchedulerOptions } from "./scheduler/scheduler.js";
export type {
  ResumingEngine,
  RunEnd,
  RunOfGraph,
  RunOptions,
  SchedulingEngine,
} from "./scheduler/scheduling-engine.js";
export { Sequence, type SequenceOptions } from "./scheduler/sequence.js";
export { type Shared, shared } from "./scheduler/shared-resource.js";
