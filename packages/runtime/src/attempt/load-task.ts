/** Finds the class of a job: imports its module, checks the export, remembers it. Builds are content-addressed, so what was loaded stays true. */
import type { Job } from "@millrace/core";
import { MillraceError } from "@millrace/core/thread";
import { importModule } from "../loading/import-module.js";

/** Finds the class of a job; `loadTask` is the one of builds. */
export type TaskLoader = (job: AttemptJob) => LoadedTask | Promise<LoadedTask>;

/** What an instance may have. */
export interface TaskInstance {
  run(): unknown;
  onCreate?(): unknown;
  onRestart?(): unknown;
  onSuccess?(): unknown;
  onFailure?(error?: Error): unknown;
  onAbort?(reason?: Error): unknown;
  onDestroy?(): unknown;
}

/** A task class that has been loaded and checked. */
export interface LoadedTask {
  /** Makes an instance without parameters. */
  readonly create: new () => TaskInstance;
}

/** A job where it runs: the identity stays with the engine. */
export type AttemptJob = Omit<Job, "identity">;

type Source = Pick<Job, "task" | "module" | "exportName">;

const loaded = new Map<string, LoadedTask>();

/**
 * The class of a job; at once if it was loaded before, else as a promise.
 * @throws MillraceError `module-failed`, naming task and module, if there is none.
 */
export function loadTask(job: Source): LoadedTask | Promise<LoadedTask> {
  return loaded.get(cacheKey(job)) ?? importTask(job);
}

async function importTask(job: Source): Promise<LoadedTask> {
  const data = { task: job.task, module: job.module, exportName: job.exportName };
  let namespace: Record<string, unknown>;
  try {
    namespace = await importModule(job.module);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError("module-failed", `The module of task ${job.task} could not be loaded: ${why}`, {
      hint: `See the cause; the module is ${job.module}. What it does at its top level runs once in every thread, before the first attempt.`,
      data,
      cause,
    });
  }
  const found = namespace[job.exportName];
  if (found === undefined) {
    throw new MillraceError(
      "module-failed",
      `The module of task ${job.task} has no export ${job.exportName}: ${job.module}`,
      { hint: "Run flow build again: the manifest does not fit the build folder.", data },
    );
  }
  if (!isTaskClass(found)) {
    throw new MillraceError(
      "module-failed",
      `Export ${job.exportName} of ${job.module} is no task: it is no class with a run method.`,
      { hint: `Let ${job.task} extend Task and give it run(), or make it with defineTask.`, data },
    );
  }
  const task = { create: found };
  loaded.set(cacheKey(job), task);
  return task;
}

function isTaskClass(value: unknown): value is new () => TaskInstance {
  if (typeof value !== "function") return false;
  const prototype: unknown = value.prototype;
  return (
    typeof prototype === "object" && prototype !== null && "run" in prototype && typeof prototype.run === "function"
  );
}

function cacheKey(job: Source): string {
  return `${job.module}#${job.exportName}`;
}
