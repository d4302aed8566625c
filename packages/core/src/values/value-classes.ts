/**
 * The registry of classes whose instances are values: filled by `@value({ id })`, read by the table of kinds. It hangs on
 * a global symbol, so that several copies of this package in one thread share it.
 */
import { MillraceError } from "../errors/millrace-error.js";

/** A class whose instances can be sent. Without `encode` and `decode`, its own fields are. */
export interface ValueClass {
  readonly name: string;
  readonly prototype: object;
  /** Turns an instance into a value that can be sent. */
  encode?(value: object): unknown;
  /** Makes an instance of what `encode` gave. */
  decode?(data: unknown): object;
}

interface Registry {
  readonly byId: Map<string, ValueClass>;
  readonly byPrototype: WeakMap<object, string>;
}

const KEY = Symbol.for("millrace.value-classes");
const home = globalThis as { [KEY]?: Registry };
home[KEY] ??= { byId: new Map(), byPrototype: new WeakMap() };
const registry: Registry = home[KEY];

/**
 * Registers a class under an id, which stands in stored values. A class of the same name replaces the former one (a
 * module that is loaded twice).
 * @throws MillraceError `flow-misuse` if the id is empty, if only one of encode and decode is there, or if the id belongs to a class of another name.
 */
export function registerValueClass(id: string, valueClass: ValueClass): void {
  if (typeof id !== "string" || id === "") {
    throw new MillraceError("flow-misuse", `The value class ${valueClass.name} has no id.`, {
      hint: `Give it one that stays when the class is renamed: @value({ id: "${valueClass.name}" }).`,
      data: { class: valueClass.name },
    });
  }
  if (!valueClass.encode !== !valueClass.decode) {
    throw new MillraceError("flow-misuse", `The value class ${valueClass.name} has only one of encode and decode.`, {
      hint: "Write both: static encode(value) and static decode(data); or neither, if its own fields are all of it.",
      data: { id, class: valueClass.name },
    });
  }
  const taken = registry.byId.get(id);
  if (taken && taken.name !== valueClass.name) {
    throw new MillraceError(
      "flow-misuse",
      `The value id "${id}" of the class ${valueClass.name} belongs to the class ${taken.name} already.`,
      { hint: "Give each value class an id of its own.", data: { id, class: valueClass.name, taken: taken.name } },
    );
  }
  registry.byId.set(id, valueClass);
  registry.byPrototype.set(valueClass.prototype, id);
}

/** The class registered under an id. */
export function valueClassOf(id: string): ValueClass | undefined {
  return registry.byId.get(id);
}

/** The id under which the class of an instance (itself, not a base of it) is registered. */
export function valueIdOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  return typeof prototype === "object" && prototype !== null ? registry.byPrototype.get(prototype) : undefined;
}
