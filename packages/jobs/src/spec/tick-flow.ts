/**
 * Ticks a flow: each task that runs, and each whose precursors have completed, is ticked once, one after the other in the order of the
 * spec. What a tick completes lets its successors begin with the next one.
 */
import { MillraceError } from "@millrace/core";
import { checkTypes } from "./check-types.js";
import type { SpecFlow, TaskView } from "./flow.js";
import type { FlowDocument, TaskDocument, TaskStatus } from "./flow-document.js";
import type { TickOptions } from "./task-handler.js";
import { type TickSurroundings, tickTask } from "./tick-task.js";

const ticking = new WeakSet<FlowDocument>();

/**
 * One tick. Failures of tasks are the flow's, not exceptions; a flow that is over is left as it is. Returns the flow.
 * @throws MillraceError `flow-spec-invalid` if a type has no handler, before anything runs; `task-misuse` if the flow is being ticked.
 */
export async function tickFlow(flow: SpecFlow, options: TickOptions = {}): Promise<SpecFlow> {
  const { document } = flow;
  if (flow.isOver) return flow;
  checkTypes(flow, options);
  if (ticking.has(document)) {
    throw new MillraceError("task-misuse", `${flow.label} is being ticked: a second tick would meet it half done.`, {
      hint: "Await a tick before the next one.",
    });
  }
  ticking.add(document);
  try {
    document.status = "RUNNING";
    document.ticks += 1;
    await tickTasks(flow, options);
    settle(document);
  } finally {
    ticking.delete(document);
  }
  return flow;
}

async function tickTasks(flow: SpecFlow, options: TickOptions): Promise<void> {
  const { document } = flow;
  const around: TickSurroundings = {
    options,
    tickFlow: (inside) => tickFlow(inside, options),
    checkFlow: (inside) => checkTypes(inside, options),
  };
  for (const due of flow.tickableTasks()) {
    const task = document.tasks.find((one) => one === due) as TaskDocument;
    await tickTask(flow, task, around);
    if (task.status !== "FAILED") continue;
    document.errors.push({ task: task.key, message: task.error ?? "" });
    if (document.cfg.failFast) return endAll(document, task);
  }
}

/** The flow ends with the failure of a task: nothing else goes on. */
function endAll({ tasks }: FlowDocument, failed: TaskView): void {
  for (const task of tasks) {
    if (task.status === "RUNNING") cutOff(task, "ABORTED", failed.key);
    else if (task.status === "PENDING") cutOff(task, "SKIPPED", failed.key);
  }
}

/** Ends a flow that nobody waits for any more. @param why The error of each task that is not over. */
export function endFlow({ document }: SpecFlow, why: string): void {
  for (const task of document.tasks) {
    if (task.status !== "RUNNING" && task.status !== "PENDING") continue;
    task.error = why;
    task.status = task.status === "RUNNING" ? "ABORTED" : "SKIPPED";
    document.errors.push({ task: task.key, message: why });
  }
  document.status = "FAILED";
}

function settle(document: FlowDocument): void {
  skipBehindFailures(document.tasks);
  if (document.tasks.some(({ status }) => status === "PENDING" || status === "RUNNING")) return;
  document.status = document.tasks.every(({ status }) => status === "COMPLETED") ? "COMPLETED" : "FAILED";
}

/** What waits for a task that will never complete is skipped, and what waits for that. */
function skipBehindFailures(tasks: readonly TaskDocument[]): void {
  const dead = new Set(tasks.filter(({ status }) => neverCompletes(status)));
  const waiting = new Map<string, TaskDocument[]>();
  for (const task of tasks) for (const key of task.precursors) waiting.set(key, [...(waiting.get(key) ?? []), task]);
  // A set goes on over what is added to it.
  for (const { key } of dead) {
    for (const task of waiting.get(key) ?? []) {
      if (task.status !== "PENDING") continue;
      cutOff(task, "SKIPPED", key);
      dead.add(task);
    }
  }
}

function neverCompletes(status: TaskStatus): boolean {
  return status === "FAILED" || status === "ABORTED" || status === "SKIPPED";
}

function cutOff(task: TaskDocument, status: "ABORTED" | "SKIPPED", cause: string): void {
  task.status = status;
  task.error = `${status === "ABORTED" ? "Aborted" : "Skipped"}: "${cause}" did not complete.`;
}
