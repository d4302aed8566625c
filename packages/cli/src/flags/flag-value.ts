/**
 * Reads values for a JSON Schema of the manifest: from the text of a flag, or from JSON (`--params file.json`, object
 * flags), whose kinds that JSON lacks (Date, bigint, URL, Secret) are given as text. Says nothing about why a text does not fit.
 */
import { isObject, type JsonSchema, KIND_KEYWORD, resolveRef, Secret } from "@millrace/core";

/** A value, or undefined if there is none that fits. */
export type Reading = { readonly value: unknown } | undefined;

/** Named schemas that `$ref` may point to. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Reads one text. Numbers, booleans, null and dates are tried before plain text; objects and lists are JSON. */
export function readText(text: string, schema: JsonSchema, defs: Definitions): Reading {
  const plain = targetOf(schema, defs);
  if (plain.anyOf) return firstFit([...plain.anyOf].sort(textLast(defs)), (s) => readText(text, s, defs));
  const kind = plain[KIND_KEYWORD];
  if (kind !== undefined) return readKind(text, kind);
  if (plain.const !== undefined || plain.enum) {
    return firstFit(choicesOf(plain), (choice) => (String(choice) === text ? { value: choice } : undefined));
  }
  switch (plain.type) {
    case "string":
      return { value: text };
    case "number":
      return JSON_NUMBER.test(text) ? { value: Number(text) } : undefined;
    case "integer":
      return JSON_NUMBER.test(text) && Number.isInteger(Number(text)) ? { value: Number(text) } : undefined;
    case "boolean":
      return text === "true" || text === "false" ? { value: text === "true" } : undefined;
    case "null":
      return text === "null" ? { value: null } : undefined;
    default: {
      const json = parseJson(text);
      if (json) return readJson(json.value, plain, defs);
      // A parameter of any type takes text that is no JSON as it stands.
      return plain.type === undefined ? { value: text } : undefined;
    }
  }
}

/** Turns parsed JSON into a value of the schema: revives kinds at any depth and checks the types that it passes. */
export function readJson(json: unknown, schema: JsonSchema, defs: Definitions): Reading {
  const plain = targetOf(schema, defs);
  if (plain.anyOf) return firstFit([...plain.anyOf].sort(textLast(defs)), (s) => readJson(json, s, defs));
  const kind = plain[KIND_KEYWORD];
  if (kind !== undefined) return readKind(typeof json === "number" ? String(json) : json, kind);
  if (plain.const !== undefined || plain.enum)
    return choicesOf(plain).includes(json as never) ? { value: json } : undefined;
  switch (plain.type) {
    case "array":
      return Array.isArray(json) ? readItems(json, plain, defs) : undefined;
    case "object":
      return isObject(json) ? readMembers(json, plain, defs) : undefined;
    case "integer":
      return Number.isInteger(json) ? { value: json } : undefined;
    case "null":
      return json === null ? { value: null } : undefined;
    case undefined:
      return { value: json };
    default:
      // string, number, boolean: the schema's word is that of typeof
      return typeof json === plain.type ? { value: json } : undefined;
  }
}

/** The schema behind a `$ref`; a reference that leads nowhere accepts everything, and the engine's check decides. */
export function targetOf(schema: JsonSchema, defs: Definitions): JsonSchema {
  return resolveRef(schema, { $defs: defs }) ?? {};
}

function readItems(items: readonly unknown[], schema: JsonSchema, defs: Definitions): Reading {
  const values: unknown[] = [];
  for (const [i, item] of items.entries()) {
    const rest = typeof schema.items === "object" ? schema.items : {};
    const reading = readJson(item, schema.prefixItems?.[i] ?? rest, defs);
    if (!reading) return undefined;
    values.push(reading.value);
  }
  return { value: values };
}

function readMembers(record: Readonly<Record<string, unknown>>, schema: JsonSchema, defs: Definitions): Reading {
  const { properties = {}, patternProperties = {}, additionalProperties } = schema;
  const rest = typeof additionalProperties === "object" ? additionalProperties : {};
  const patterns = Object.entries(patternProperties).map(
    ([pattern, part]) => [new RegExp(pattern, "u"), part] as const,
  );
  const partOf = (name: string): JsonSchema => {
    const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return declared ?? patterns.find(([pattern]) => pattern.test(name))?.[1] ?? rest;
  };
  const value: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(record)) {
    const reading = readJson(member, partOf(name), defs);
    if (!reading) return undefined;
    Object.defineProperty(value, name, { value: reading.value, enumerable: true, configurable: true, writable: true });
  }
  return { value };
}

/** Kinds that have a text. The others can be given in code only. */
const KINDS: Readonly<Record<string, (text: string) => unknown>> = {
  Date: (text) => {
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) throw new RangeError("no date");
    return date;
  },
  URL: (text) => new URL(text),
  Secret: (text) => Secret.parse(text),
  bigint: (text) => {
    if (!/^-?\d+$/.test(text)) throw new RangeError("no whole number");
    return BigInt(text);
  },
};

function readKind(text: unknown, kind: string): Reading {
  const read = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!read || typeof text !== "string") return undefined;
  try {
    return { value: read(text) };
  } catch {
    return undefined;
  }
}

function choicesOf(schema: JsonSchema): readonly (string | number | boolean | null)[] {
  return schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
}

/** Plain text fits everything, so it is tried last. */
function textLast(defs: Definitions): (a: JsonSchema, b: JsonSchema) => number {
  const rank = (schema: JsonSchema): number => {
    const { type, const: only, enum: choices } = targetOf(schema, defs);
    return type === "string" && only === undefined && !choices ? 1 : 0;
  };
  return (a, b) => rank(a) - rank(b);
}

function firstFit<T>(choices: readonly T[], read: (choice: T) => Reading): Reading {
  for (const choice of choices) {
    const reading = read(choice);
    if (reading) return reading;
  }
  return undefined;
}

function parseJson(text: string): Reading {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
