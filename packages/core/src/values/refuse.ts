/** Says why a value that no kind recognises cannot be sent, and what to do about it. */
import { types } from "node:util";
import type { Trail } from "./trail.js";

/** Kinds of values that are refused, with their remedy; the first that fits counts. */
const REFUSED: readonly { fits(value: unknown): boolean; what(value: unknown): string; readonly remedy: string }[] = [
  {
    fits: (value) => typeof value === "function",
    what: (value) => (isClass(value) ? "is a class" : "is a function"),
    remedy: "Send the data that it works on, and keep the code in the task.",
  },
  { fits: (value) => typeof value === "symbol", what: () => "is a symbol", remedy: "Use a string." },
  {
    fits: types.isProxy,
    what: () => "is a Proxy",
    remedy: "Send the object behind it, or a plain copy.",
  },
  { fits: types.isPromise, what: () => "is a promise", remedy: "Await it first." },
  {
    fits: (value) => types.isWeakMap(value) || types.isWeakSet(value) || value instanceof WeakRef,
    what: (value) => `is a ${className(value)}`,
    remedy: "Its entries cannot be listed; send a Map, a Set or the object itself.",
  },
  {
    fits: types.isBoxedPrimitive,
    what: (value) => `is a boxed primitive (${className(value)} object)`,
    remedy: "Use the primitive: value.valueOf().",
  },
  {
    fits: types.isSharedArrayBuffer,
    what: () => "is a SharedArrayBuffer",
    remedy: "Send a copy of the bytes; steps do not share memory with their flow.",
  },
  {
    fits: (value) => types.isGeneratorObject(value) || types.isMapIterator(value) || types.isSetIterator(value),
    what: () => "is an iterator",
    remedy: "Send an array: [...iterator].",
  },
];

/** The error for a value that no kind recognises. */
export function refuseValue(value: unknown, trail: Trail): Error {
  const row = REFUSED.find((candidate) => candidate.fits(value));
  if (row) return trail.refuse(row.what(value), row.remedy);
  const name = className(value);
  return trail.refuse(
    `is an instance of ${name}, which is no registered class`,
    `Send a plain object with its data, or mark the class with @value({ id: "${name}" }) if it is yours.`,
  );
}

function isClass(value: unknown): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function className(value: unknown): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Looked up without running getters that the class might define.
  const maker = prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const name = typeof maker === "function" ? Object.getOwnPropertyDescriptor(maker, "name")?.value : undefined;
  return typeof name === "string" && name !== "" ? name : "an unnamed class";
}
