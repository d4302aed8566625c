/**
 * Ties an instance to its context, out of the user's sight. Called by the runtime before any method of the user's. The
 * places hang on a global symbol: an engine in an app's bundle has a copy of this package of its own.
 */
import { MillraceError } from "@millrace/core";
import type { FlowContext } from "./flow-context.js";
import type { TaskContext } from "./task-context.js";

/** A base class whose constructor gives back its argument, so that a subclass adds private fields to any object. */
// A class expression cannot say so: the cast names what `new` of this function does.
const Given = function given(target: object): object {
  return target;
} as unknown as new (
  target: object,
) => object;

/** A place for one context on an instance, out of everybody's sight. (Far cheaper to collect than WeakMap entries.) */
interface ContextSlot<C> {
  set(target: object, context: C): void;
  get(target: object): C | undefined;
}

function contextSlot<C>(): ContextSlot<C> {
  class Slot extends Given {
    #context: C;

    constructor(target: object, context: C) {
      super(target);
      this.#context = context;
    }

    static get(target: object): C | undefined {
      return #context in target ? target.#context : undefined;
    }
  }
  return { set: (target, context) => void new Slot(target, context), get: Slot.get };
}

const CONTEXTS = Symbol.for("millrace.contexts");
// Safe: nobody else uses this symbol.
const home = globalThis as {
  [CONTEXTS]?: { readonly tasks: ContextSlot<TaskContext>; readonly flows: ContextSlot<FlowContext> };
};
home[CONTEXTS] ??= { tasks: contextSlot(), flows: contextSlot() };
const { tasks, flows } = home[CONTEXTS];

/** Gives a task instance its context, once. */
export function bindTask(task: object, context: TaskContext): void {
  tasks.set(task, context);
}

/** Gives a flow instance its context, once. */
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
