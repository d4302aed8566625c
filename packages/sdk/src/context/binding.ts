/**
 * Ties an instance to the runtime's side of it, out of the user's sight. Called by the runtime before any method of the
 * user's. The places hang on a global symbol: an engine in an app's bundle has a copy of this package of its own.
 */
import { MillraceError } from "@millrace/core/thread";
import type { FlowBinding } from "./flow-binding.js";
import type { TaskBinding } from "./task-binding.js";

/** A base class whose constructor gives back its argument, so that a subclass adds private fields to any object. */
// A class expression cannot say so: the cast names what `new` of this function does.
const Given = function given(target: object): object {
  return target;
} as unknown as new (
  target: object,
) => object;

/** A place for one binding on an instance, out of everybody's sight. (Far cheaper to collect than WeakMap entries.) */
interface BindingSlot<B> {
  set(target: object, binding: B): void;
  get(target: object): B | undefined;
}

function bindingSlot<B>(): BindingSlot<B> {
  class Slot extends Given {
    #binding: B;

    constructor(target: object, binding: B) {
      super(target);
      this.#binding = binding;
    }

    static get(target: object): B | undefined {
      return #binding in target ? target.#binding : undefined;
    }
  }
  return { set: (target, binding) => void new Slot(target, binding), get: Slot.get };
}

const BINDINGS = Symbol.for("millrace.bindings");
// Safe: nobody else uses this symbol.
const home = globalThis as {
  [BINDINGS]?: { readonly tasks: BindingSlot<TaskBinding>; readonly flows: BindingSlot<FlowBinding> };
};
home[BINDINGS] ??= { tasks: bindingSlot(), flows: bindingSlot() };
const { tasks, flows } = home[BINDINGS];

/** Gives a task instance its binding, once. */
export function bindTask(task: object, binding: TaskBinding): void {
  tasks.set(task, binding);
}

/** Gives a flow instance its binding, once. */
export function bindFlow(flow: object, binding: FlowBinding): void {
  flows.set(flow, binding);
}

/** The binding of a task. @throws MillraceError `flow-misuse` if no engine runs it. */
export function taskBinding(task: object): TaskBinding {
  return tasks.get(task) ?? unbound(task, "task");
}

/** The binding of a flow. @throws MillraceError `flow-misuse` if no engine runs it. */
export function flowBinding(flow: object): FlowBinding {
  return flows.get(flow) ?? unbound(flow, "flow");
}

function unbound(instance: object, kind: "task" | "flow"): never {
  const name = instance.constructor.name;
  throw new MillraceError("flow-misuse", `${name} is not running: no engine has given this ${kind} its context.`, {
    hint:
      kind === "task"
        ? `Do not use log, signal, info, shared or progress in a constructor or initialiser, and let a flow call ${name}.`
        : `Start it with engine.start(${name}, …) or call it from another flow instead of constructing it.`,
    data: { class: name },
  });
}
