/** Front ends beside classes and functions. Each is pure: it makes a job graph, and the engine runs that. */
export type { FailurePolicy, JobEdge, JobGraph, JobNode, JobParam, JobRun, ToJobGraph } from "@millrace/core";
export { checkJob } from "./yaml/check-job.js";
export { checkJobFiles, type JobFilesProject } from "./yaml/check-job-files.js";
export { type Job, loadJob } from "./yaml/load-job.js";
export { type JobFileOptions, type JobReading, type ReadingPurpose, readJob } from "./yaml/read-job.js";
