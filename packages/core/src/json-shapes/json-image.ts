/**
 * A JSON image of any value, for people and scripts: what `--json` documents show of parameters, results and errors.
 * One-way: kinds that JSON lacks become their nearest text or list; the stored bytes stay exact.
 */
import { Secret } from "../secrets/secret.js";
import { Ref } from "../values/ref.js";

/** Anything that `JSON.stringify` writes and `JSON.parse` gives back unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The image of a value. Date, URL, Secret and Ref: text; bigint, NaN and infinities: text; Map: list of pairs; Set: list; bytes:
 * `<n bytes>`; errors: name, message, code, cause; `undefined`: left out of objects, null elsewhere. Never throws on
 * values that the codec can carry; a cycle is shown as `<cycle>`.
 */
export function jsonImage(value: unknown): Json {
  return image(value, []);
}

function image(value: unknown, above: readonly object[]): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "object":
      return value === null ? null : objectImage(value, above);
    case "undefined":
      return null;
    default:
      return `<${typeof value}>`;
  }
}

function objectImage(value: object, above: readonly object[]): Json {
  if (above.includes(value)) return "<cycle>";
  const path = [...above, value];
  const all = (values: Iterable<unknown>): Json[] => Array.from(values, (v) => image(v, path));
  if (Array.isArray(value)) return all(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof URL || value instanceof RegExp) return String(value);
  if (value instanceof Map) return all(value);
  if (value instanceof Set) return all(value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (Secret.isSecret(value) || Ref.isRef(value)) return value.toJSON();
  if (value instanceof Error) return errorImage(value, path);
  const out: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    // defineProperty: a member named __proto__ stays a member
    Object.defineProperty(out, key, { value: image(member, path), enumerable: true, configurable: true });
  }
  return out;
}

function errorImage(error: Error, path: readonly object[]): Json {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === "string" ? { code } : {}),
    ...(error.cause === undefined ? {} : { cause: image(error.cause, path) }),
    ...(error instanceof AggregateError ? { errors: error.errors.map((e) => image(e, path)) } : {}),
  };
}
