/** Public face of the runtime: re-exports by name, nothing else. */
export type {
  Checkpointer,
  CommandAttempt,
  CommandSurroundings,
  ContainerCommand,
  LocalContext,
  LocalFunction,
  Observer,
  ShellCommand,
} from "@millrace/core";
export type { Engine } from "./api/engine.js";
export type { EngineOptions } from "./api/engine-options.js";
export type { RecordedStep, RecordedTry } from "./api/recorded-step.js";
export type { ResumeOptions } from "./api/resume-options.js";
export type { Run, RunBreakpoints, SharedView } from "./api/run.js";
export type { RunOutcome } from "./api/run-outcome.js";
export type { ScheduleEvent } from "./api/schedule-event.js";
export type { IfExists, StartArguments, StartOptions } from "./api/start-options.js";
export type { StreamPart } from "./api/stream-part.js";
export { collectGarbage, type GarbageOptions } from "./collect/collect-garbage.js";
export { deleteRun } from "./collect/delete-run.js";
export { type CancelRequest, cancelRun } from "./control/cancel-run.js";
export { type BreakpointChange, changeBreakpoints } from "./control/change-breakpoints.js";
export { type Message, sendMessage } from "./control/send-message.js";
export { ApptainerSpawner, type ApptainerSpawnerOptions } from "./executors/container/apptainer-spawner.js";
export { ContainerSpawner, type ContainerSpawnerOptions } from "./executors/container/container-spawner.js";
export { type InlineOptions, inlineExecutor } from "./executors/inline/inline-executor.js";
export { type CommandResult, ShellSpawner } from "./executors/shell/shell-spawner.js";
export type { SlurmOptions } from "./executors/slurm/slurm-options.js";
export { SlurmSpawner } from "./executors/slurm/slurm-spawner.js";
export { type SpawnExecutorOptions, spawnExecutor } from "./executors/spawn/spawn-executor.js";
export type {
  SpawnedCommand,
  SpawnedContainer,
  SpawnedJob,
  Spawner,
  SpawnerAround,
} from "./executors/spawn/spawner.js";
export { type ThreadOptions, threadExecutor } from "./executors/threads/thread-executor.js";
export {
  type ConfiguredEntry,
  type ConfiguredIssue,
  type Constructible,
  configuredIssues,
  type ObserverRegistry,
} from "./observers/configured/make-configured.js";
export { loadObserverRegistry, type ObserverSources } from "./observers/configured/observer-registry.js";
export { checkpointerFromConfig, observersFromConfig } from "./observers/configured/observers-from-config.js";
export { projectObservers } from "./observers/configured/project-observers.js";
export { type ConsoleObserverOptions, consoleObserver } from "./observers/console-observer.js";
export {
  type Extension,
  extension,
  type RunTransition,
  type StepTransition,
  type Transition,
} from "./observers/extension.js";
export { type FileObserverOptions, fileObserver } from "./observers/file-observer.js";
export { jsonLinesObserver } from "./observers/json-lines-observer.js";
export type { Lifecycle } from "./observers/lifecycle.js";
export { type LogEnd, type Logger, type LogSource, type LogWrite, logger } from "./observers/logger.js";
export {
  type EmailObserverOptions,
  emailObserver,
  type Mail,
  type MailAccount,
  type MailTransport,
} from "./observers/notifications/email-observer.js";
export type { Notification } from "./observers/notifications/notification.js";
export type { NotifierOptions } from "./observers/notifications/notifier.js";
export { type WebhookObserverOptions, webhookObserver } from "./observers/notifications/webhook-observer.js";
export type { RunMoment, RunMomentKind } from "./observers/run-moments.js";
export { type LiveStep, RunTally } from "./observers/run-tally.js";
export type { TextSink } from "./observers/text-sink.js";
export { openEngine } from "./open-engine.js";
export { ownerInfo } from "./owner/process-identity.js";
export { readSteps } from "./runs/read-steps.js";
export { newRunId } from "./runs/run-id.js";
export { checkpointSnapshot, type RunReader } from "./stores/checkpoint/checkpoint-snapshot.js";
export { type CheckpointStoreOptions, storeFromCheckpointer } from "./stores/checkpoint/checkpoint-store.js";
export { fileCheckpointer } from "./stores/checkpoint/file-checkpointer.js";
export { memoryStore } from "./stores/memory/memory-store.js";
export { openProjectStore, readProjectCheckpoint } from "./stores/project-store.js";
export type { ContentInspection, LostContent } from "./stores/sqlite/inspect-content.js";
export { inspectSqliteStore, type StoreInspection } from "./stores/sqlite/inspect-sqlite-store.js";
export { openSqliteStore, type SqliteStoreOptions } from "./stores/sqlite/open-sqlite-store.js";
export type { SqliteFacts, SqliteStore } from "./stores/sqlite/sqlite-store.js";
