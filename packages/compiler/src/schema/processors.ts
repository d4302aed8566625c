/** The table: what JSON Schema a kind of type becomes. One row a kind; no row knows another. */
import { type JsonSchema, KIND_KEYWORD } from "@millrace/core";
import { SymbolFlags, type Type, ts } from "ts-morph";
import type { SchemaContext } from "./schema-context.js";
import { codecOf, type TypeKind } from "./type-kind.js";
import { valueClassOf } from "./value-class.js";

type Processor = (type: Type, context: SchemaContext) => JsonSchema;

/** Kind of type → its processor. */
export const PROCESSORS: Readonly<Record<TypeKind, Processor>> = {
  anything: () => ({}),
  never: () => ({ not: {} }),
  undefined: () => ({ [KIND_KEYWORD]: "undefined" }),
  null: () => ({ type: "null" }),
  string: () => ({ type: "string" }),
  number: () => ({ type: "number" }),
  boolean: () => ({ type: "boolean" }),
  bigint: () => ({ [KIND_KEYWORD]: "bigint" }),
  literal: (type) => ({ const: literalOf(type) }),
  enum: (type) =>
    oneOf((type.isUnion() ? type.getUnionTypes() : [type]).map((member) => ({ const: literalOf(member) }))),
  union: (type, context) => oneOf(type.getUnionTypes().map((member) => context.part(member))),
  intersection: (type, context) => {
    // A brand (`string & { [brand]: … }`) has no value of its own: what is sent is the primitive.
    const primitive = type.getIntersectionTypes().find((member) => !member.isObject());
    return primitive ? context.part(primitive) : objectSchema(type, context);
  },
  array: (type, context) => ({ type: "array", items: context.part(type.getArrayElementTypeOrThrow(), "[]") }),
  tuple: tupleSchema,
  "plain-object": () => ({ type: "object" }),
  object: objectSchema,
  codec: (type, context) => {
    const kind = codecOf(type) ?? "undefined";
    // What a collection holds must survive as well, though its schema says no more than the kind.
    if (kind === "Map" || kind === "Set") for (const part of type.getTypeArguments()) context.part(part, `<${kind}>`);
    return { [KIND_KEYWORD]: kind };
  },
  "value-class": valueClassSchema,
  function: (_, context) => context.refuse("a function"),
  symbol: (_, context) => context.refuse("a symbol"),
  promise: (_, context) => context.refuse("a promise"),
  class: (type, context) => context.refuse(`the class ${type.getSymbol()?.getName() ?? ""}`.trimEnd()),
};

function valueClassSchema(type: Type, context: SchemaContext): JsonSchema {
  const registered = valueClassOf(type);
  if (registered && !registered.encodes) {
    // Its own fields are what is stored, so they must survive; methods stay with the class.
    for (const property of type.getProperties()) {
      const declared = property.getTypeAtLocation(context.at);
      if (property.hasFlags(SymbolFlags.Property) && !property.getName().startsWith("__")) {
        context.optionalPart(declared, property.getName());
      }
    }
  }
  return { [KIND_KEYWORD]: `value:${registered?.id ?? ""}` };
}

function literalOf(type: Type): string | number | boolean {
  if (type.isBooleanLiteral()) return type.getText() === "true";
  const value = type.getLiteralValue();
  return typeof value === "number" ? value : String(value);
}

/** Alternatives, in an order that does not depend on how the checker met them. */
export function oneOf(schemas: readonly JsonSchema[]): JsonSchema {
  const literals = schemas.flatMap((s) => (s.const === undefined ? [] : [s.const]));
  const both = literals.includes(true) && literals.includes(false);
  const named = sorted(both ? literals.filter((value) => typeof value !== "boolean") : literals);
  const parts: JsonSchema[] = [
    ...schemas.filter((s) => s.const === undefined),
    ...(both ? [{ type: "boolean" } as const] : []),
  ];
  if (parts.some((part) => Object.keys(part).length === 0)) return {};
  const first = named[0];
  if (first !== undefined) parts.unshift(named.length === 1 ? { const: first } : { enum: named });
  const distinct = [...new Map(parts.map((part) => [JSON.stringify(part), part])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const [only] = distinct;
  return distinct.length === 1 && only ? only[1] : { anyOf: distinct.map(([, part]) => part) };
}

function sorted<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function tupleSchema(type: Type, context: SchemaContext): JsonSchema {
  const flags = (type.getTargetType()?.compilerType as ts.TupleType | undefined)?.elementFlags ?? []; // a tuple's target is its tuple type
  const elements = type.getTupleElements();
  const rest = flags.findIndex((flag) => flag & ts.ElementFlags.Variable);
  // Elements after a rest element have no fixed place, so any element may be any of the rest.
  if (rest >= 0 && rest < elements.length - 1) {
    return { type: "array", items: oneOf(elements.map((element) => context.part(element, "[]"))) };
  }
  const fixed = rest < 0 ? elements : elements.slice(0, rest);
  const tail = rest < 0 ? undefined : elements[rest];
  return {
    type: "array",
    prefixItems: fixed.map((element, i) => context.part(element, `[${i}]`)),
    minItems: flags.filter((flag) => flag & ts.ElementFlags.Required).length,
    ...(tail ? { items: context.part(tail, "[]") } : { items: false, maxItems: fixed.length }),
  };
}

function objectSchema(type: Type, context: SchemaContext): JsonSchema {
  const properties: [string, JsonSchema][] = [];
  const required: string[] = [];
  for (const property of type.getProperties()) {
    const name = property.getName();
    if (name.startsWith("__@")) continue; // keyed by a symbol: a brand
    const declared = property.getTypeAtLocation(context.at);
    if (property.hasFlags(SymbolFlags.Optional)) properties.push([name, context.optionalPart(declared, name)]);
    else {
      required.push(name);
      properties.push([name, context.part(declared, name)]);
    }
  }
  const index = type.getStringIndexType() ?? type.getNumberIndexType();
  return {
    type: "object",
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(required.length > 0 ? { required: required.sort() } : {}),
    ...(index ? { additionalProperties: context.part(index, "[]") } : {}),
  };
}
