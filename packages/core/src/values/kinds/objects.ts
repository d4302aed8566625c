/** Objects that the byte layer cannot carry as they are: odd keys, or no prototype. Parts are key, value, key, value, … */
import { placeOfKey } from "../place-of-key.js";
import { type Kind, kind } from "./kind.js";
import { dataKeys } from "./own-properties.js";
import { expectParts, textPart } from "./part.js";
import { isPlainText } from "./scalars.js";

/** A plain object with a key that decoders rename or change: `__proto__`, or text that UTF-8 cannot carry. */
export const recordKind: Kind<object> = kind<object>({
  tag: 14,
  name: "object",
  typeText: "object",
  recognise: (value) => isPlainObject(value) && Object.keys(value).some(isOddKey),
  lower: fieldParts,
  raise: (parts) => defineFields({}, parts),
  place: placeOfField,
});

/** An object without prototype. */
export const nullPrototypeKind: Kind<object> = kind<object>({
  tag: 15,
  name: "null-prototype",
  typeText: "object",
  recognise: (value) => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null,
  lower: fieldParts,
  raise: (parts) => defineFields(Object.create(null) as object, parts),
  canonical: (value) => fieldParts(value, [...dataKeys(value)].sort()),
  place: placeOfField,
});

/** True for objects whose prototype is Object.prototype. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** True for keys that the byte layer does not give back unchanged. */
export function isOddKey(key: string): boolean {
  return key === "__proto__" || !isPlainText(key);
}

/** Own fields as key, value, key, value, … Throws a Refusal for what is no plain field. */
export function fieldParts(value: object, keys: readonly string[] = dataKeys(value)): unknown[] {
  const parts: unknown[] = [];
  // Data properties only (dataKeys has looked), so reading runs no code.
  for (const key of keys) parts.push(key, (value as Record<string, unknown>)[key]);
  return parts;
}

/** Defines fields from key, value, key, value, …; never assigns, so that `__proto__` is a key like any other. */
export function defineFields<T extends object>(target: T, parts: readonly unknown[], from = 0, enumerable = true): T {
  if ((parts.length - from) % 2 !== 0) expectParts(parts, parts.length + 1);
  for (let i = from; i < parts.length; i += 2) {
    Object.defineProperty(target, textPart(parts, i), {
      value: parts[i + 1],
      writable: true,
      enumerable,
      configurable: true,
    });
  }
  return target;
}

function placeOfField(parts: readonly unknown[], index: number): string {
  return placeOfKey(String(parts[index - (index % 2)]));
}
