/** Front ends beside classes and functions. Each is pure: it makes a job graph, and the engine runs that. */
export type { FailurePolicy, JobEdge, JobGraph, JobNode, JobParam, JobRun, ToJobGraph } from "@millrace/core";
export { type NodeSelection, selectNodes } from "@millrace/core";
export { Flow, flowFromJson, flowSpecToFlow, type TaskView } from "./spec/flow.js";
export type { FlowDocument, FlowError, FlowStatus, TaskDocument, TaskStatus } from "./spec/flow-document.js";
export {
  type Data,
  type FlowSpec,
  ROOT,
  type SnakeFlowSpec,
  type SnakeTaskSpec,
  type TaskSpec,
} from "./spec/flow-spec.js";
export type { ChangeRecord, FlowClaim, FlowRecord, FlowRecords } from "./spec/records/flow-records.js";
export { FolderRecords } from "./spec/records/folder-records.js";
export { MemoryRecords } from "./spec/records/memory-records.js";
export {
  runStoredFlows,
  type StoredRunOptions,
  type StoredRunReport,
  storedFlow,
  storeFlow,
} from "./spec/records/run-stored-flows.js";
export { type RunUntilDoneOptions, runUntilDone } from "./spec/run-until-done.js";
export { specFunctions } from "./spec/spec-functions.js";
export type { SpecIssue } from "./spec/spec-issue.js";
export type {
  TaskHandler,
  TaskHandlerParts,
  TaskTick,
  TickOptions,
  TickOutcome,
  TickReturn,
  TickTask,
} from "./spec/task-handler.js";
export { tickFlow } from "./spec/tick-flow.js";
export { type JobOptions, jobHandler } from "./spec/work/job-handler.js";
export type { BuildContext, ConfigSpec, JobModule, RunContext } from "./spec/work/job-module.js";
