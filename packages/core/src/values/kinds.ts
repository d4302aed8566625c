/**
 * The table of kinds: one row for each kind of value that can be sent and stored. The encoder, the canonical hash, the
 * schemas of the compiler and the validator all read this one table. Tags are final: a new kind takes a new number.
 */
import type { JsonSchema } from "../json-schema/json-schema.js";
import { arrayBufferKind, bufferKind, dataViewKind, typedArrayKinds } from "./kinds/binary.js";
import { dateKind, regexpKind, urlKind } from "./kinds/built-ins.js";
import { mapKind, setKind } from "./kinds/collections.js";
import { errorKind } from "./kinds/errors.js";
import type { Kind } from "./kinds/kind.js";
import { nullPrototypeKind, recordKind } from "./kinds/objects.js";
import { refKind } from "./kinds/ref.js";
import {
  bigintKind,
  infinityKind,
  nanKind,
  negativeInfinityKind,
  negativeZeroKind,
  textKind,
  undefinedKind,
} from "./kinds/scalars.js";
import { secretKind } from "./kinds/secret.js";
import { valueClassKind } from "./kinds/value-class.js";
import { valueIdOf } from "./value-classes.js";

/** Kinds that JSON has no form for, by tag. */
export const KINDS: readonly Kind[] = (
  [
    undefinedKind,
    nanKind,
    infinityKind,
    negativeInfinityKind,
    negativeZeroKind,
    bigintKind,
    textKind,
    dateKind,
    mapKind,
    setKind,
    regexpKind,
    urlKind,
    errorKind,
    recordKind,
    nullPrototypeKind,
    valueClassKind,
    secretKind,
    refKind,
    arrayBufferKind,
    dataViewKind,
    bufferKind,
    ...typedArrayKinds,
  ] as readonly Kind[]
).toSorted((a, b) => a.tag - b.tag);

/** A kind that JSON and the byte layer carry as it is. */
export interface JsonKind {
  /** Name in messages. */
  readonly name: string;
  /** TypeScript text. */
  readonly typeText: string;
  /** Schema that accepts exactly this kind. */
  readonly schema: JsonSchema;
}

/** The kinds of JSON. They have no tag: the byte layer's own forms stand for them. */
export const JSON_KINDS: readonly JsonKind[] = [
  { name: "null", typeText: "null", schema: { type: "null" } },
  { name: "boolean", typeText: "boolean", schema: { type: "boolean" } },
  { name: "number", typeText: "number", schema: { type: "number" } },
  { name: "string", typeText: "string", schema: { type: "string" } },
  { name: "array", typeText: "unknown[]", schema: { type: "array" } },
  { name: "object", typeText: "object", schema: { type: "object" } },
];

const BY_TAG: ReadonlyMap<number, Kind> = new Map(KINDS.map((kind) => [kind.tag, kind]));
const BY_NAME: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kind.name, kind]));
const BY_PROTOTYPE: ReadonlyMap<unknown, Kind> = new Map(
  KINDS.flatMap((kind) => (kind.prototype ? [[kind.prototype, kind] as const] : [])),
);
const ODD_NUMBERS: readonly Kind[] = [nanKind, infinityKind, negativeInfinityKind, negativeZeroKind] as readonly Kind[];

/** The row with a tag. */
export function kindByTag(tag: number): Kind | undefined {
  return BY_TAG.get(tag);
}

/** The row with a name (`Date`, `bigint`, …). */
export function kindByName(name: string): Kind | undefined {
  return BY_NAME.get(name);
}

/** The kind of a number that JSON cannot carry; undefined for all others. */
export function kindOfNumber(value: number): Kind | undefined {
  if (Number.isFinite(value) && (value !== 0 || !Object.is(value, -0))) return undefined;
  return ODD_NUMBERS.find((kind) => kind.recognise(value));
}

/** The kind of an object that is neither array nor plain; undefined if it cannot be sent. */
export function kindOfObject(value: object): Kind | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  const kind = BY_PROTOTYPE.get(prototype);
  if (kind) return kind.recognise(value) ? kind : undefined;
  return REST.find((row) => row.recognise(value));
}

const REST: readonly Kind[] = [nullPrototypeKind, secretKind, refKind, valueClassKind, errorKind] as readonly Kind[];

/** True if a value is of the kind that a schema names: a row of the table, or `value:<id>`. */
export function isOfKind(value: unknown, name: string): boolean {
  if (name.startsWith("value:")) {
    return typeof value === "object" && value !== null && valueIdOf(value) === name.slice("value:".length);
  }
  return BY_NAME.get(name)?.recognise(value) ?? false;
}
