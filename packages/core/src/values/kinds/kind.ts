/** One row of the table of kinds: everything that Millrace knows about a kind of value that JSON has no form for. */
import type { JsonSchema } from "../../json-schema/json-schema.js";
import { KIND_KEYWORD } from "../../json-schema/json-schema.js";

/** A kind and its processors. Methods, so that a row for Date fits a table of kinds of anything. */
export interface Kind<T = unknown> {
  /** Name in schemas (`x-millrace-kind`) and messages. */
  readonly name: string;
  /** Number in stored bytes. Final: never changed, never given to another kind. */
  readonly tag: number;
  /** TypeScript text, for people. */
  readonly typeText: string;
  /** Schema that accepts exactly this kind. */
  readonly schema: JsonSchema;
  /** Prototype of its values, where that decides; the fast way to find the row. */
  readonly prototype?: object;
  /** True for exactly the values of this kind. Never throws, runs no user code. */
  recognise(value: unknown): boolean;
  /** Takes a value apart: values that are lowered in turn, and RawBytes. Throws a Refusal. */
  lower(value: T): readonly unknown[];
  /** Puts a value together from parts that have been raised; bytes come as Uint8Array views and must be copied. Throws on damage. */
  raise(parts: readonly unknown[]): T;
  /** Parts that count for identity, where they are not those of `lower`. */
  canonical?(value: T): readonly unknown[];
  /** Text of the way from a value to its part number `index`: `.get("a")`. Absent for kinds without inner values. */
  place?(parts: readonly unknown[], index: number): string;
  /** Its parts may be RawBytes. */
  readonly holdsBytes?: boolean;
}

/** Makes a row; the schema follows from the name. */
export function kind<T>(row: Omit<Kind<T>, "schema">): Kind<T> {
  return { ...row, schema: { [KIND_KEYWORD]: row.name } };
}
