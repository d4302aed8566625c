/** Ticks one task: its references, its handler, what the handler came to. */
import { MillraceError } from "@millrace/core";
import type { SpecFlow } from "./flow.js";
import { MAX_PROXIES, type TaskDocument } from "./flow-document.js";
import { handlerOf } from "./handler-of.js";
import { interpolate } from "./interpolate.js";
import { isRecord, jsonOnly, notJson, shown } from "./json-data.js";
import { readTask } from "./read-spec.js";
import { reasonOf } from "./reason-of.js";
import { readWithoutIssues } from "./spec-issue.js";
import type { TaskHandlerParts, TaskTick, TickOptions } from "./task-handler.js";
import { tickContext } from "./tick-context.js";
import { withinTime } from "./within-time.js";

/** What goes into each tick of a task. */
export interface TickSurroundings {
  readonly options: TickOptions;
  /** Ticks the flow inside a task. */
  readonly tickFlow: (inside: SpecFlow) => Promise<SpecFlow>;
  /** Looks at a flow that is ticked elsewhere. */
  readonly checkFlow: (inside: SpecFlow) => void;
}

/** Ticks a task of a flow once. Whatever is thrown is its failure. */
export async function tickTask(flow: SpecFlow, task: TaskDocument, around: TickSurroundings): Promise<void> {
  task.status = "RUNNING";
  task.ticks += 1;
  const chain = proxyChain(task);
  const inner = chain.at(-1) as TaskDocument;
  if (inner !== task) {
    inner.status = "RUNNING";
    inner.ticks += 1;
  }
  try {
    const handler = partsOf(inner, around.options);
    if (inner.ticks === 1) beginTask(flow, inner, handler);
    const tick = inner.ticks === 1 ? handler.initialTick : handler.intermediateTick;
    if (!tick) throw misuse(inner, "goes on after its first tick, and its handler has no intermediateTick");
    const outcome: unknown = await withinTime(
      (signal) => tick(taskTick(flow, inner, { ...around, signal })),
      timeoutOf(inner, around.options),
    );
    checkData(flow, inner);
    settle(chain, outcome);
  } catch (error) {
    inner.status = "FAILED";
    inner.error = reasonOf(error);
    // The flow goes on, and between ticks it is JSON: whatever the handler had written, or writes when its time is over.
    keepJson(flow, inner);
  }
  propagate(chain);
}

/** What the handler of the innermost task came to. */
function settle(chain: readonly TaskDocument[], outcome: unknown): void {
  const task = chain.at(-1) as TaskDocument;
  if (outcome === undefined) task.status = "COMPLETED";
  else if (outcome === "RUNNING") task.status = "RUNNING";
  else if (isRecord(outcome) && isRecord(outcome.proxy)) {
    const { proxy } = outcome;
    if (chain.length > MAX_PROXIES)
      throw misuse(task, `has ${MAX_PROXIES} proxies in a row: they do not come to an end`);
    task.proxied = readWithoutIssues(`"${task.key}" cannot be proxied`, (report) => {
      if (proxy.precursors !== undefined || proxy.successors !== undefined)
        report("proxy", "names neighbours: they are those of the task that it stands for");
      const given = { key: task.key, ...proxy };
      return readTask(given, { at: "proxy", place: 1, taken: new Map(), report })?.document;
    }) as TaskDocument;
  } else throw misuse(task, `came to ${shown(outcome)}: a handler returns nothing, "RUNNING" or { proxy }`);
}

/** A task and those that are ticked in its place, each for the one before it. */
function proxyChain(task: TaskDocument): readonly TaskDocument[] {
  return task.proxied ? [task, ...proxyChain(task.proxied)] : [task];
}

/** The end of the innermost task is that of all that it stands for, and so is what it leaves in its data. */
function propagate(chain: readonly TaskDocument[]): void {
  const inner = chain.at(-1) as TaskDocument;
  if (inner.status === "RUNNING") return;
  const [task, ...proxied] = chain as [TaskDocument, ...TaskDocument[]];
  task.status = inner.status;
  if (inner.error !== undefined) task.error = inner.error;
  // Data is moved, not copied: flows in proxies in flows would double at every level.
  task.data = Object.assign({}, ...[task, ...proxied].map(({ data }) => data));
  delete task.proxied;
}

function partsOf({ taskType }: TaskDocument, options: TickOptions): TaskHandlerParts {
  const found = handlerOf(taskType, options);
  if ("unknown" in found) throw new MillraceError("flow-spec-invalid", `"${taskType}" ${found.unknown}.`);
  const { handler } = found;
  return typeof handler === "function" ? { initialTick: handler, intermediateTick: handler } : handler;
}

function beginTask(flow: SpecFlow, task: TaskDocument, { deferred = [] }: TaskHandlerParts): void {
  const context = tickContext(flow.document, task);
  for (const [name, value] of Object.entries(task.taskParams))
    if (!deferred.includes(name)) task.taskParams[name] = interpolate(value, context);
  task.data = interpolate(task.data, context) as TaskDocument["data"];
}

/** Types that tick flows inside take as long as those do, which have their own time. */
function timeoutOf({ taskType }: TaskDocument, { handlers = {}, tickTimeout }: TickOptions): number | undefined {
  return Object.hasOwn(handlers, taskType) ? tickTimeout : undefined;
}

function taskTick(
  flow: SpecFlow,
  task: TaskDocument,
  { options, tickFlow, checkFlow, signal }: TickSurroundings & Pick<TaskTick, "signal">,
): TaskTick {
  const { print = printLine } = options;
  const { taskParams: params, data } = task;
  return { flow, task, params, data, flowData: flow.document.data, options, tickFlow, checkFlow, signal, print };
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function checkData({ document }: SpecFlow, task: TaskDocument): void {
  const wrong =
    notJson(task.data, "its data") ??
    notJson(task.taskParams, "its parameters") ??
    notJson(document.data, "the flow's data");
  if (wrong !== undefined) throw misuse(task, `left behind what is no JSON: ${wrong}`);
}

function keepJson({ document }: SpecFlow, task: TaskDocument): void {
  task.data = jsonOnly(task.data);
  task.taskParams = jsonOnly(task.taskParams);
  document.data = jsonOnly(document.data);
}

function misuse({ key }: TaskDocument, what: string): MillraceError {
  return new MillraceError("task-misuse", `"${key}" ${what}.`, { data: { task: key } });
}
