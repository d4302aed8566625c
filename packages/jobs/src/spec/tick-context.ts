/** What `$ctx` and wirings see: the flow with its data and tasks, and the task that is ticked. */
import type { FlowDocument, TaskDocument } from "./flow-document.js";

/** The root of paths: `ctx.flow.data…`, `ctx.flow.tasks.<key>.data…`, `ctx.task.data…`. */
export interface TickContext {
  readonly ctx: object;
}

/** The context of a task. Made when it is first asked for: few tasks ask. */
export function tickContext(flow: FlowDocument, task: TaskDocument): TickContext {
  let made: object | undefined;
  return {
    get ctx() {
      const { key, label, data, tasks } = flow;
      // Keys of tasks are no names of what objects inherit: they have been checked.
      made ??= { flow: { key, label, data, tasks: Object.fromEntries(tasks.map((one) => [one.key, one])) }, task };
      return made;
    },
  };
}
