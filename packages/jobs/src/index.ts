/** Front ends beside classes and functions. Each makes a job graph, and the engine runs that. */
export type {
  FailurePolicy,
  JobEdge,
  JobGraph,
  JobNode,
  JobParam,
  JobRun,
  NextToken,
  RuleSet,
  RuleSpec,
  ToJobGraph,
  Token,
  ToRuleSet,
} from "@millrace/core";
export { type NodeSelection, selectNodes } from "@millrace/core";
export { locateIssues } from "./json/locate-issues.js";
export { readJson } from "./json/read-json.js";
export { AddedLists } from "./project/added-lists.js";
export type { AddedList } from "./project/addition.js";
export { type BuildOptions, type BuiltTasks, buildTasks } from "./project/build-tasks.js";
export { choosePipeline, isDevelopment } from "./project/choose-pipeline.js";
export { foldOutcome, type TaskStep } from "./project/fold-outcome.js";
export { layerSettings, type Settings } from "./project/layer-settings.js";
export { mergeProject } from "./project/merge-project.js";
export { notePipeline } from "./project/note-pipeline.js";
export { type ProjectDocument, projectDocument } from "./project/project-document.js";
export {
  type ProjectGraph,
  type ProjectGraphOptions,
  projectGraph,
} from "./project/project-graph.js";
export { issueText, type Place, type ProjectIssue } from "./project/project-issue.js";
export { type ProjectPicture, projectPicture } from "./project/project-picture.js";
export { pruneProject } from "./project/prune-project.js";
export { type Pipeline, readPipeline } from "./project/read-pipeline.js";
export { type ReadProject, readProject } from "./project/read-project.js";
export { readSetting, type SettingFiles } from "./project/read-setting.js";
export {
  EMPTY_PROJECT,
  type PastTask,
  projectEdges,
  type RecordedProject,
  type RecordedTask,
  type SourcePipeline,
  TASK_STATES,
  type TaskOutcome,
  type TaskState,
  type TaskTry,
  triesOf,
} from "./project/recorded-project.js";
export { type RenderOptions, renderTasks, type TemplatePartial } from "./project/render-tasks.js";
export { resetTasks, retryTasks, unknownTask } from "./project/reset-tasks.js";
export { selectTasks } from "./project/select-tasks.js";
export { sendOut } from "./project/send-out.js";
export { readSettingsText } from "./project/settings-text.js";
export { removeTasks, settleTasks } from "./project/settle-tasks.js";
export type { BlockedTask } from "./project/sort-open.js";
export type { Directives, Task, Texts } from "./project/task.js";
export type { TaskEdge } from "./project/task-edge.js";
export { IDENTITY_DIRECTIVES, taskIdentity } from "./project/task-identity.js";
export { writeProject } from "./project/write-project.js";
export {
  type FunctionRule,
  type FunctionRuleDefinition,
  type GivenTokens,
  rule,
} from "./rules/function-rule.js";
export { type AnyRule, type RuleClass, Rules, type RulesDefinition, type TokenOf } from "./rules/rules.js";
export { AbstractJob, type LocalJobOptions } from "./scheduler/abstract-job.js";
export { Command, type CommandParams, type CommandResult } from "./scheduler/command.js";
export { Container, type ContainerParams } from "./scheduler/container.js";
export {
  type CodeJobArguments,
  type CodeJobOptions,
  Job,
  type JobConstructor,
  type JobParams,
} from "./scheduler/job.js";
export type { JobOptions } from "./scheduler/job-base.js";
export type { JobLine } from "./scheduler/job-lines.js";
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
export type { FollowOptions, JobChange, RunWatcher, ScheduledRun } from "./scheduler/scheduled-run.js";
export { Scheduler } from "./scheduler/scheduler.js";
export type { Between, ReachOptions, SchedulerOptions } from "./scheduler/scheduler-options.js";
export type {
  ResumingEngine,
  RunEnd,
  RunOfGraph,
  RunOptions,
  SchedulingEngine,
} from "./scheduler/scheduling-engine.js";
export { Sequence, type SequenceOptions } from "./scheduler/sequence.js";
export { type Shared, shared } from "./scheduler/shared-resource.js";
export { checkTypes } from "./spec/check-types.js";
export { flowFromJson, flowSpecToFlow, SpecFlow, type TaskView } from "./spec/flow.js";
export type { FlowDocument, FlowError, FlowStatus, TaskDocument, TaskStatus } from "./spec/flow-document.js";
export {
  type Data,
  type FlowSpec,
  ROOT,
  type SnakeFlowSpec,
  type SnakeTaskSpec,
  type TaskSpec,
} from "./spec/flow-spec.js";
export type { ClaimOptions } from "./spec/records/claims.js";
export type { ChangeRecord, FlowClaim, FlowRecord, FlowRecords } from "./spec/records/flow-records.js";
export { FolderRecords } from "./spec/records/folder-records.js";
export { MemoryRecords } from "./spec/records/memory-records.js";
export {
  dueFlows,
  runStoredFlows,
  type StoredRunOptions,
  type StoredRunReport,
} from "./spec/records/run-stored-flows.js";
export { recordOf, removeFlow, storedFlow, storeFlow } from "./spec/records/stored-flows.js";
export { type RunUntilDoneOptions, runUntilDone } from "./spec/run-until-done.js";
export { specFunctions } from "./spec/spec-functions.js";
export type { SpecIssue } from "./spec/spec-issue.js";
export type {
  StoredFlows,
  TaskHandler,
  TaskHandlerParts,
  TaskTick,
  TickOptions,
  TickOutcome,
  TickReturn,
  TickTask,
} from "./spec/task-handler.js";
export { tickFlow } from "./spec/tick-flow.js";
export { type JobHandlerOptions, jobHandler } from "./spec/work/job-handler.js";
export type { BuildContext, ConfigSpec, JobModule, RunContext } from "./spec/work/job-module.js";
export { checkJob } from "./yaml/check-job.js";
export { checkJobFiles, type JobFilesProject } from "./yaml/check-job-files.js";
export { locateWatchers, type WatcherIssue, watcherEntries } from "./yaml/check-watchers.js";
export { type JobFinding, jobDiagnostic } from "./yaml/findings.js";
export { type JobSchema, jobSchema, jobSchemaText } from "./yaml/job-schema.js";
export { loadJob, loadRules, type NamedJob, type YamlJob, type YamlRules } from "./yaml/load-job.js";
export {
  type JobDocument,
  type JobFileOptions,
  type JobReading,
  type ReadingPurpose,
  readJob,
} from "./yaml/read-job.js";
export type { JobWatchers, WatcherEntry } from "./yaml/read-watchers.js";
export { tasksNamed } from "./yaml/tasks-named.js";
export { writeJob } from "./yaml/write-job.js";
