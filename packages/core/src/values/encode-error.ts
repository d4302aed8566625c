/** `encodeError`: any thrown thing → bytes, without ever throwing itself. What cannot be sent is replaced by readable text and listed. */
import { isMillraceError } from "../errors/millrace-error.js";
import { encodeValue } from "./encode.js";
import { renderValue } from "./render-value.js";

/** How deep causes and errors of errors are followed while an error is being salvaged. */
const MAX_CAUSES = 16;

/**
 * Encodes a thrown thing as an error; decodeError gives it back. Never throws.
 * - An error that can be sent is encoded exactly.
 * - Fields of an error that cannot be sent become text, and the field `unsendable` lists their names.
 * - Anything else becomes an Error whose field `thrown` holds it.
 */
export function encodeError(error: unknown): Uint8Array {
  const isError = isReadableError(error);
  try {
    if (isError) return encodeValue(error, "error");
  } catch {
    // Salvaged below.
  }
  try {
    return encodeValue(isError ? salvage(error, []) : wrapThrown(error), "error");
  } catch {
    return encodeValue(new Error("An error was thrown that could not be read."), "error");
  }
}

/** As `instanceof Error`, for things whose prototype may be a trap. */
function isReadableError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}

/** An Error that carries a thrown value which is none. */
export function wrapThrown(thrown: unknown): Error {
  const error = new Error(`A value that is no Error was thrown: ${renderValue(thrown)}`);
  delete error.stack;
  const [value, sendable] = sendableOr(thrown, []);
  return Object.assign(error, sendable ? { thrown: value } : { thrown: value, unsendable: ["thrown"] });
}

/** An error of the same class and brands with whatever of it can be read and sent. */
function salvage(error: Error, above: readonly unknown[]): Error {
  const copy = new Error();
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object);
  for (const brand of Object.getOwnPropertySymbols(error)) Object.defineProperty(copy, brand, { value: true });
  const unsendable: string[] = [];
  define(copy, "name", textOf(read(error, "name"), "Error"), false);
  define(copy, "message", textOf(read(error, "message"), ""), false);
  const stack = read(error, "stack");
  if (typeof stack === "string") define(copy, "stack", stack, false);
  else delete copy.stack;
  for (const key of keysOf(error)) {
    if (key === "name" || key === "message" || key === "stack") continue;
    const field = read(error, key);
    const [value, sendable] = sendableOr(field, [...above, error]);
    if (!sendable || field === UNREADABLE) unsendable.push(key);
    define(copy, key, value, key !== "cause" && key !== "errors");
  }
  if (unsendable.length > 0) define(copy, "unsendable", unsendable, true);
  return copy;
}

/** The value if it can be sent; an error or list of errors salvaged; else text in its place. */
function sendableOr(value: unknown, above: readonly unknown[]): readonly [value: unknown, sendable: boolean] {
  let reason = "it cannot be read";
  try {
    encodeValue(value);
    return [value, true];
  } catch (error) {
    if (isMillraceError(error)) reason = error.message;
  }
  if (above.includes(value)) return ["[not sendable: it leads back to an error above]", false];
  try {
    if (above.length < MAX_CAUSES) {
      if (isReadableError(value)) return [salvage(value, above), true];
      if (Array.isArray(value)) return [value.map((item) => sendableOr(item, [...above, value])[0]), false];
    }
  } catch {
    // A hostile list; text stands for it.
  }
  return [`[not sendable: ${reason}]`, false];
}

function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch {
    return UNREADABLE;
  }
}

const UNREADABLE = "[not sendable: reading it failed]";

function keysOf(object: object): readonly string[] {
  try {
    return Object.getOwnPropertyNames(object);
  } catch {
    return [];
  }
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
}
