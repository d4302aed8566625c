/**
 * The recorded project: what it is to do and what has been done, as data. Every change is a function from one to the next; write-project and
 * read-project are its form on disk.
 *
 *                    run            ┌──▶ complete
 *   (built) ──▶ new ─────▶ pending ─┼──▶ failed ──▶ new   (retry, an edit)
 *            ▲   any ──▶ new (reset)└──▶ skipped
 *            │   any ──▶ orphaned      (its source has it no more)    ──▶ gone, in the history (prune)
 *            └── orphaned              (its source has it again: the state that it had, if its identity is the same)
 */
import { groupBy } from "@millrace/core";
import { addingEdges } from "./adding-chain.js";
import { type DerivedEdges, deriveEdges } from "./derive-edges.js";
import type { Pipeline } from "./read-pipeline.js";
import type { Task } from "./task.js";
import type { TaskEdge } from "./task-edge.js";

/** Version of this document. */
export const PROJECT_VERSION = 1;

/** Where a task stands. */
export type TaskState =
  /** It has not run, or is to run again. */
  | "new"
  /** It was sent out, and no outcome is known: the next run goes on with it. */
  | "pending"
  | "complete"
  | "failed"
  /** Something that it waits for did not succeed. */
  | "skipped"
  /** Its source has it no more. It is listed and never runs. */
  | "orphaned";

/** Every state. */
export const TASK_STATES: readonly TaskState[] = ["new", "pending", "complete", "failed", "skipped", "orphaned"];

/** What became of a task in a run. Times are ms since 1970. */
export interface TaskOutcome {
  /** Code of its command; absent if none is known. */
  readonly code?: number;
  /** Why it did not succeed. */
  readonly error?: string;
  /** Attempts begun. */
  readonly attempts: number;
  /** Those that have ended, the first one first, over all runs that have tried it. */
  readonly tries?: readonly TaskTry[];
  /** Absent if it never began. */
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** One attempt of a task that has ended. Times are ms since 1970. */
export interface TaskTry {
  /** The run that made it; absent if that is not known. Its log is there. */
  readonly run?: string;
  /** Absent if it is not on record. */
  readonly startedAt?: number;
  readonly endedAt: number;
  readonly code?: number;
  /** Why it did not succeed. */
  readonly error?: string;
}

/** A task on record. */
export interface RecordedTask extends Task {
  /** Who owns it: the source that it was built from. */
  readonly source: string;
  /** The task that has added it when it ran; absent if it stands in its source, or if nobody adds it any more. */
  readonly addedBy?: string;
  readonly state: TaskState;
  /** Only of orphaned ones: the state before. */
  readonly was?: Exclude<TaskState, "orphaned">;
  /** Of its last run, until it is reset. */
  readonly outcome?: TaskOutcome;
  /** Attempts from before it was last reset, the first one first; absent if there are none. */
  readonly earlier?: readonly TaskTry[];
  /** Only of pending ones: attempts that earlier runs of it have begun and lost. */
  readonly spent?: number;
}

/** A task that is no more, as it was. */
export interface PastTask extends RecordedTask {
  /** `edited`: a task of that name with another identity took its place. `pruned`: its source had it no more. `removed`: by hand. */
  readonly reason: "edited" | "pruned" | "removed";
}

/** A project. Names are unique; tasks stand in the order in which they came. */
export interface RecordedProject {
  readonly tasks: readonly RecordedTask[];
  /** Oldest first. */
  readonly history: readonly PastTask[];
  /** Id of a run that was sent out and whose record has not been taken over. */
  readonly run?: string;
  /** Sources that were made of pipelines; absent if there are none. */
  readonly pipelines?: readonly SourcePipeline[];
}

/** The pipeline that a source was last made of. */
export interface SourcePipeline extends Pick<Pipeline, "name" | "version"> {
  readonly source: string;
}

/** A project without tasks. */
export const EMPTY_PROJECT: RecordedProject = { tasks: [], history: [] };

/** The edges among tasks that are not orphaned, source by source. */
export function projectEdges(project: Pick<RecordedProject, "tasks">): readonly TaskEdge[] {
  return deriveProject(project).edges;
}

/** All that follows from what its tasks say of each other. */
export function deriveProject({ tasks }: Pick<RecordedProject, "tasks">): Pick<DerivedEdges, "edges" | "awaited"> {
  const present = tasks.filter(({ state }) => state !== "orphaned");
  const bySource = groupBy(present, ({ source }) => source);
  const derived = [...bySource.values()].map((own) => deriveEdges(own));
  return { edges: derived.flatMap(({ edges }) => edges), awaited: derived.flatMap(({ awaited }) => awaited) };
}

/** Before whom each task runs: the edges, and those from tasks to what they have added. */
export function runningEdges(project: Pick<RecordedProject, "tasks">): readonly TaskEdge[] {
  return [...projectEdges(project), ...addingEdges(project.tasks.filter(({ state }) => state !== "orphaned"))];
}

/** A task to run: without an outcome. */
export function newTask({ name, identity, directives, source, addedBy }: NewTask): RecordedTask {
  return { name, source, ...(addedBy === undefined ? {} : { addedBy }), state: "new", identity, directives };
}

/** The same task, to run once more. What was tried stays on record. */
export function renewedTask(task: RecordedTask): RecordedTask {
  const earlier = triesOf(task);
  return { ...newTask(task), ...(earlier.length === 0 ? {} : { earlier }) };
}

/** All attempts of a task that have ended, before its last reset, too; the first one first. */
export function triesOf({ earlier = [], outcome }: RecordedTask): readonly TaskTry[] {
  return [...earlier, ...(outcome?.tries ?? [])];
}

/** A task with its owner. */
type NewTask = Task & Pick<RecordedTask, "source" | "addedBy">;
