/**
 * Errors of every class: name, message, stack, cause, errors and own fields. They come back as the nearest built-in
 * class with their own name, as MillraceError, or as their class if `@value` registered it.
 *
 *   parts = class, brands, number of hidden fields, then key, value, … (hidden fields first)
 */
import { MillraceError } from "../../errors/millrace-error.js";
import { placeOfKey } from "../place-of-key.js";
import { unreadable } from "../unreadable.js";
import { valueIdOf } from "../value-classes.js";
import { type Kind, kind } from "./kind.js";
import { defineFields } from "./objects.js";
import { expectData, symbolKey } from "./own-properties.js";
import { numberPart, textPart } from "./part.js";
import { classOf } from "./value-class.js";

const BUILT_IN: readonly { readonly name: string; readonly prototype: object; make(): Error }[] = [
  { name: "Error", prototype: Error.prototype, make: () => new Error() },
  { name: "EvalError", prototype: EvalError.prototype, make: () => new EvalError() },
  { name: "RangeError", prototype: RangeError.prototype, make: () => new RangeError() },
  { name: "ReferenceError", prototype: ReferenceError.prototype, make: () => new ReferenceError() },
  { name: "SyntaxError", prototype: SyntaxError.prototype, make: () => new SyntaxError() },
  { name: "TypeError", prototype: TypeError.prototype, make: () => new TypeError() },
  { name: "URIError", prototype: URIError.prototype, make: () => new URIError() },
  { name: "AggregateError", prototype: AggregateError.prototype, make: () => new AggregateError([]) },
];
const BY_NAME = new Map(BUILT_IN.map((entry) => [entry.name, entry]));
const BY_PROTOTYPE = new Map(BUILT_IN.map((entry) => [entry.prototype, entry]));

const VALUE_PREFIX = "value:";
const MILLRACE = "MillraceError";
const DOM_EXCEPTION = "DOMException";
const FIRST_FIELD = 3;

/** Every error. */
export const errorKind: Kind<Error> = kind<Error>({
  tag: 13,
  name: "Error",
  typeText: "Error",
  recognise: (value) => value instanceof Error,
  lower: (value) => {
    const { hidden, shown } = fieldsOf(value);
    return [classNameOf(value), brandsOf(value), hidden.length / 2, ...hidden, ...shown];
  },
  // A stack says where an error was made, in paths and lines that differ between equal runs: it is no part of what it says.
  canonical: (value) => {
    const { hidden, shown } = fieldsOf(value);
    const fields: [string, unknown][] = [];
    for (const list of [hidden, shown]) {
      for (let i = 0; i < list.length; i += 2) {
        if (list[i] !== "stack") fields.push([list[i] as string, list[i + 1]]);
      }
    }
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return [classNameOf(value), brandsOf(value), hidden.length / 2, ...fields.flat()];
  },
  raise: (parts) => {
    const hiddenEnd = FIRST_FIELD + 2 * numberPart(parts, 2);
    if (!(hiddenEnd >= FIRST_FIELD && hiddenEnd <= parts.length)) throw unreadable("an error is damaged");
    const error = blank(textPart(parts, 0), parts);
    defineFields(error, parts.slice(0, hiddenEnd), FIRST_FIELD, false);
    defineFields(error, parts, hiddenEnd);
    for (const brand of textPart(parts, 1).split(" ")) {
      if (brand !== "") Object.defineProperty(error, Symbol.for(BRAND_PREFIX + brand), { value: true });
    }
    return error;
  },
  place: (parts, index) => (index < FIRST_FIELD ? "" : placeOfKey(String(parts[index - ((index - FIRST_FIELD) % 2)]))),
});

/** The class that a decoded error gets: `TypeError`, `MillraceError`, `value:<id>`. */
function classNameOf(error: Error): string {
  const id = valueIdOf(error);
  if (id !== undefined) return VALUE_PREFIX + id;
  for (let p: unknown = Object.getPrototypeOf(error); p !== null; p = Object.getPrototypeOf(p)) {
    if (p === MillraceError.prototype) return MILLRACE;
    if (p === DOMException.prototype) return DOM_EXCEPTION;
    const builtIn = BY_PROTOTYPE.get(p as object);
    if (builtIn) return builtIn.name;
  }
  return "Error";
}

function fieldsOf(error: Error): { readonly hidden: unknown[]; readonly shown: unknown[] } {
  const hidden: unknown[] = [];
  const shown: unknown[] = [];
  for (const key of Object.getOwnPropertyNames(error)) {
    // Some engines show `stack` as an accessor; it is theirs, not the author's.
    if (key !== "stack") expectData(error, key);
    const list = Object.prototype.propertyIsEnumerable.call(error, key) ? shown : hidden;
    list.push(key, (error as unknown as Record<string, unknown>)[key]);
  }
  addInherited(error, "name", hidden);
  addInherited(error, "message", hidden);
  return { hidden, shown };
}

/** Adds a name or message that the class gives and that the class of the decoded error would not. */
function addInherited(error: Error, key: "name" | "message", hidden: unknown[]): void {
  if (Object.hasOwn(error, key) || valueIdOf(error) !== undefined) return;
  const given: unknown = error[key];
  const restored = BY_NAME.get(classNameOf(error))?.prototype as Error | undefined;
  if (typeof given === "string" && given !== restored?.[key]) hidden.push(key, given);
}

const BRAND_PREFIX = "millrace.";

/** Brands (see MillraceError, FatalError) are hidden symbols set to true; other hidden symbols are engines' bookkeeping. */
function brandsOf(error: Error): string {
  const brands: string[] = [];
  for (const symbol of Object.getOwnPropertySymbols(error)) {
    if (Object.prototype.propertyIsEnumerable.call(error, symbol)) throw symbolKey(error);
    const name = Symbol.keyFor(symbol);
    if (name?.startsWith(BRAND_PREFIX)) brands.push(name.slice(BRAND_PREFIX.length));
  }
  return brands.sort().join(" ");
}

/** An error of a class without any own field. Classes come from this table and from the registry, never from the bytes. */
function blank(className: string, parts: readonly unknown[]): Error {
  if (className === DOM_EXCEPTION) return blankDomException(parts);
  const builtIn = BY_NAME.get(className);
  const error = withoutTrace(() => (builtIn ? builtIn.make() : new Error()));
  for (const key of Reflect.ownKeys(error)) Reflect.deleteProperty(error, key);
  if (builtIn) return error;
  if (className === MILLRACE) return Object.setPrototypeOf(error, MillraceError.prototype) as Error;
  if (!className.startsWith(VALUE_PREFIX)) throw unreadable(`"${className}" is no class of errors`);
  return Object.setPrototypeOf(error, classOf(className.slice(VALUE_PREFIX.length)).prototype) as Error;
}

function blankDomException(parts: readonly unknown[]): Error {
  const field = (key: string): string => {
    const at = parts.findIndex((part, i) => i >= FIRST_FIELD && (i - FIRST_FIELD) % 2 === 0 && part === key);
    const text = at < 0 ? undefined : parts[at + 1];
    return typeof text === "string" ? text : "";
  };
  const error = withoutTrace(() => new DOMException(field("message"), field("name")));
  Reflect.deleteProperty(error, "stack");
  return error;
}

function withoutTrace(make: () => Error): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
