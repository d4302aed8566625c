/** A flow: its document, and questions about it. Ticks change it (tick-flow.ts); between them `toJSON` is all of it. */
import type { JobGraph } from "@millrace/core";
import type { FlowDocument, FlowError, FlowStatus, TaskDocument, TaskStatus } from "./flow-document.js";
import type { FlowSpec, SnakeFlowSpec, SnakeTaskSpec, TaskSpec } from "./flow-spec.js";
import { readDocument } from "./read-document.js";
import { readSpec, readTasks } from "./read-spec.js";
import { specFunctions } from "./spec-functions.js";
import { readWithoutIssues } from "./spec-issue.js";
import { writeGraph } from "./write-graph.js";

/** A task as those see it who ask: what is behind it is the flow's. */
export type TaskView = Readonly<Omit<TaskDocument, "precursors">> & { readonly precursors: readonly string[] };

/** A flow made of a spec. */
export class SpecFlow {
  /** @internal The flow itself. Who changes it is inside a tick. */
  readonly document: FlowDocument;

  /** @internal Flows are made by `flowSpecToFlow` and `flowFromJson`. */
  constructor(document: FlowDocument) {
    this.document = document;
  }

  get key(): string {
    return this.document.key;
  }

  get label(): string {
    return this.document.label;
  }

  get status(): FlowStatus {
    return this.document.status;
  }

  /** True once the flow has completed or failed: ticks do nothing any more. */
  get isOver(): boolean {
    return this.status === "COMPLETED" || this.status === "FAILED";
  }

  /** What its tasks read and write. */
  get data(): Readonly<Record<string, unknown>> {
    return this.document.data;
  }

  /** What went wrong, in the order in which it did. */
  get errors(): readonly FlowError[] {
    return this.document.errors;
  }

  /** How often it was ticked. */
  get ticks(): number {
    return this.document.ticks;
  }

  /** In the order of the spec, then of their joining. */
  get tasks(): readonly TaskView[] {
    return this.document.tasks;
  }

  /** A task by its key. */
  task(key: string): TaskView | undefined {
    return this.document.tasks.find((task) => task.key === key);
  }

  /** Tasks in one of these states. */
  tasksByStatus(...statuses: readonly TaskStatus[]): readonly TaskView[] {
    return this.tasks.filter(({ status }) => statuses.includes(status));
  }

  /** The tasks that a task waits for. */
  precursorsOf(key: string): readonly TaskView[] {
    const keys = this.task(key)?.precursors ?? [];
    return this.tasks.filter((task) => keys.includes(task.key));
  }

  /** The tasks that wait for a task. */
  successorsOf(key: string): readonly TaskView[] {
    return this.tasks.filter(({ precursors }) => precursors.includes(key));
  }

  /** The tasks that nothing waits for. */
  tailTasks(): readonly TaskView[] {
    const awaited = new Set(this.tasks.flatMap(({ precursors }) => precursors));
    return this.tasks.filter(({ key }) => !awaited.has(key));
  }

  /** The tasks that the next tick ticks: those that run, and those whose precursors have all completed. */
  tickableTasks(): readonly TaskView[] {
    if (this.isOver) return [];
    const completed = new Set(this.tasksByStatus("COMPLETED").map(({ key }) => key));
    return this.tasks.filter(
      ({ status, precursors }) =>
        status === "RUNNING" || (status === "PENDING" && precursors.every((key) => completed.has(key))),
    );
  }

  /**
   * Adds a task, from a handler or between ticks. One that names no neighbours follows the one that was added last.
   * @throws MillraceError `flow-spec-invalid`; the flow is as it was then.
   */
  addTask(spec: TaskSpec | SnakeTaskSpec): TaskView {
    const { document } = this;
    const present = document.tasks.map((task) => ({ ...task }));
    const [added] = readWithoutIssues(`The task cannot be added to ${this.label}`, (report) => {
      if (this.isOver) report("task", `would never run: the flow has ${this.status.toLowerCase()}`);
      const read = readTasks([["task", spec]], present, report);
      for (const [i, task] of present.entries()) {
        if (task.status !== "PENDING" && task.precursors.length > (document.tasks[i]?.precursors.length ?? 0))
          report("task.successors", `names "${task.key}", which has begun or is over`);
      }
      return read;
    });
    for (const [i, { precursors }] of present.entries()) (document.tasks[i] as TaskDocument).precursors = precursors;
    // Without issues the task was read.
    document.tasks.push(added as TaskDocument);
    return added as TaskDocument;
  }

  /**
   * The flow as a job graph, for an engine.
   * @throws MillraceError `flow-spec-invalid` if it has begun, or decides while it is ticked.
   */
  toJobGraph(): JobGraph {
    return readWithoutIssues(`${this.label} cannot be run by an engine`, (report) => writeGraph(this.document, report));
  }

  /** The functions that nodes of the job graph run. */
  get locals(): ReturnType<typeof specFunctions> {
    return specFunctions((line) => process.stdout.write(`${line}\n`));
  }

  /** The whole flow, as a copy. `flowFromJson` makes it a flow again. */
  toJSON(): FlowDocument {
    return structuredClone(this.document);
  }
}

/**
 * Makes a spec a flow. Pure: nothing runs.
 * @throws MillraceError `flow-spec-invalid`, with all that is wrong.
 */
export function flowSpecToFlow(spec: FlowSpec | SnakeFlowSpec): SpecFlow {
  return new SpecFlow(readWithoutIssues("The flow spec cannot be made a flow", (report) => readSpec(spec, report)));
}

/**
 * Makes what `toJSON` gave, parsed or not, a flow again.
 * @throws MillraceError `flow-spec-invalid`, with all that is wrong.
 */
export function flowFromJson(json: string | FlowDocument): SpecFlow {
  return new SpecFlow(
    readWithoutIssues("The flow cannot be read", (report) => readDocument(parsed(json, report), report)),
  );
}

function parsed(json: string | FlowDocument, report: (path: string, message: string) => void): unknown {
  if (typeof json !== "string") return json;
  try {
    return JSON.parse(json);
  } catch (error) {
    return void report("", `is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
