/** Front ends beside classes and functions. Each is pure: it makes a job graph, and the engine runs that. */
export type { FailurePolicy, JobEdge, JobGraph, JobNode, JobParam, JobRun, ToJobGraph } from "@millrace/core";
export { type BuildOptions, type BuiltTasks, buildTasks } from "./project/build-tasks.js";
export type { TaskEdge } from "./project/derive-edges.js";
export { foldOutcome, type TaskStep } from "./project/fold-outcome.js";
export { layerSettings, type Settings } from "./project/layer-settings.js";
export { mergeProject } from "./project/merge-project.js";
export { type ProjectDocument, projectDocument } from "./project/project-document.js";
export {
  type BlockedTask,
  type ProjectGraph,
  type ProjectGraphOptions,
  projectGraph,
} from "./project/project-graph.js";
export type { Place, ProjectIssue } from "./project/project-issue.js";
export { pruneProject } from "./project/prune-project.js";
export { type ReadProject, readProject } from "./project/read-project.js";
export { readSetting, type SettingFiles } from "./project/read-setting.js";
export {
  EMPTY_PROJECT,
  type PastTask,
  projectEdges,
  type RecordedProject,
  type RecordedTask,
  type TaskOutcome,
  type TaskState,
} from "./project/recorded-project.js";
export { type RenderOptions, renderTasks } from "./project/render-tasks.js";
export { resetTasks, retryTasks } from "./project/reset-tasks.js";
export { selectTasks } from "./project/select-tasks.js";
export type { Directives, Task, Texts } from "./project/task.js";
export { IDENTITY_DIRECTIVES, taskIdentity } from "./project/task-identity.js";
export { writeProject } from "./project/write-project.js";
export { AbstractJob, type LocalJobOptions } from "./scheduler/abstract-job.js";
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
