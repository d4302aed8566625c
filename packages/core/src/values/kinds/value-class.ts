/** Instances of classes registered by `@value({ id })`. Errors among them belong to the kind of errors. */
import { types } from "node:util";
import { unreadable } from "../unreadable.js";
import { type ValueClass, valueClassOf, valueIdOf } from "../value-classes.js";
import { type Kind, kind } from "./kind.js";
import { defineFields, fieldParts, isPlainObject } from "./objects.js";
import { expectParts, textPart } from "./part.js";
import { Refusal } from "./refusal.js";

/** Parts are the id and either what `encode` gave or an object of the own fields. */
export const valueClassKind: Kind<object> = kind<object>({
  tag: 16,
  name: "value",
  typeText: "object",
  recognise: (value) =>
    typeof value === "object" && value !== null && !(value instanceof Error) && valueIdOf(value) !== undefined,
  lower: (value) => {
    const id = valueIdOf(value) ?? "";
    const { encode, decode, name } = classOf(id);
    if (encode && decode) return [id, encode.call(classOf(id), value)];
    if (holdsMore(value)) {
      throw new Refusal(
        `is a ${name}, which extends a built-in class and has no static encode and decode`,
        `Give ${name} a static encode(value) and decode(data).`,
      );
    }
    return [id, defineFields({}, fieldParts(value))];
  },
  raise: (parts) => {
    expectParts(parts, 2);
    const valueClass = classOf(textPart(parts, 0));
    const data = parts[1];
    if (valueClass.encode && valueClass.decode) return expectInstance(valueClass.decode(data), valueClass);
    if (!isPlainObject(data)) throw unreadable(`a ${valueClass.name} has no fields`);
    return defineFields(Object.create(valueClass.prototype) as object, fieldParts(data));
  },
});

/** @throws MillraceError `value-unreadable` naming the id. */
export function classOf(id: string): ValueClass {
  const valueClass = valueClassOf(id);
  if (valueClass) return valueClass;
  throw unreadable(`no class is registered under the id "${id}"`, {
    hint: `Import the module whose class carries @value({ id: "${id}" }) before the value is read.`,
  });
}

/** A decode that a class inherits may make instances of its base. */
function expectInstance(value: unknown, valueClass: ValueClass): object {
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === valueClass.prototype)
    return value;
  throw unreadable(`${valueClass.name}.decode returned no ${valueClass.name}`, {
    hint: `Let decode return new ${valueClass.name}(…).`,
  });
}

/** Built-in classes keep state that no own field shows. */
function holdsMore(value: object): boolean {
  return (
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isMap(value) ||
    types.isSet(value) ||
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isPromise(value) ||
    types.isBoxedPrimitive(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value)
  );
}
