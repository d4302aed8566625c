/** Ties an instance to its context, out of the user's sight. Called by the runtime before any method of the user's. */
import { MillraceError } from "@millrace/core";
import type { FlowContext } from "./flow-context.js";
import type { TaskContext } from "./task-context.js";

const tasks = new WeakMap<object, TaskContext>();
const flows = new WeakMap<object, FlowContext>();

/** Gives a task instance its context. */
export function bindTask(task: object, context: TaskContext): void {
  tasks.set(task, context);
}

/** Gives a flow instance its context. */
export function bindFlow(flow: object, context: FlowContext): void {
  flows.set(flow, context);
}

/** The context of a task. @throws MillraceError `flow-misuse` if no engine runs it. */
export function taskContext(task: object): TaskContext {
  return tasks.get(task) ?? unbound(task, "task");
}

/** The context of a flow. @throws MillraceError `flow-misuse` if no engine runs it. */
export function flowContext(flow: object): FlowContext {
  return flows.get(flow) ?? unbound(flow, "flow");
}

function unbound(instance: object, kind: "task" | "flow"): never {
  const name = instance.constructor.name;
  throw new MillraceError("flow-misuse", `${name} is not running: no engine has given this ${kind} its context.`, {
    hint:
      kind === "task"
        ? `Do not use log, signal, info or progress in a constructor or initialiser, and start ${name} with this.call from a flow.`
        : `Start it with engine.start(${name}, …) or call it from another flow instead of constructing it.`,
    data: { class: name },
  });
}
