/** The table: what JSON Schema a kind of type becomes. One row a kind; no row knows another. */
import { type JsonSchema, KIND_KEYWORD, PARTS_KEYWORD } from "@millrace/core";
import { SymbolFlags, type Type } from "ts-morph";
import { isSymbolKeyed, objectSchema } from "./object-schema.js";
import { oneOf } from "./one-of.js";
import type { SchemaContext } from "./schema-context.js";
import { templatePattern } from "./template-pattern.js";
import { tupleSchema } from "./tuple-schema.js";
import { codecOf, kindOf, type TypeKind } from "./type-kind.js";
import { valueClassOf } from "./value-class.js";

type Processor = (type: Type, context: SchemaContext) => JsonSchema;

/** Kind of type → its processor. */
export const PROCESSORS: Readonly<Record<TypeKind, Processor>> = {
  anything: () => ({}),
  parameter: (type, context) => {
    const constraint = type.getConstraint();
    return constraint ? context.part(constraint) : {};
  },
  never: () => ({ not: {} }),
  undefined: () => ({ [KIND_KEYWORD]: "undefined" }),
  null: () => ({ type: "null" }),
  string: () => ({ type: "string" }),
  number: () => ({ type: "number" }),
  boolean: () => ({ type: "boolean" }),
  bigint: () => ({ [KIND_KEYWORD]: "bigint" }),
  template: (type, context) => {
    const pattern = templatePattern(type.compilerType);
    return { type: "string", ...(pattern === undefined ? {} : { pattern, title: type.getText(context.at) }) };
  },
  literal: (type) => ({ const: literalOf(type) }),
  enum: (type) =>
    oneOf((type.isUnion() ? type.getUnionTypes() : [type]).map((member) => ({ const: literalOf(member) }))),
  union: (type, context) => oneOf(type.getUnionTypes().map((member) => context.part(member))),
  intersection: (type, context) => {
    // A brand (`string & { [brand]: … }`) has no value of its own: what is sent is the rest.
    const members = type.getIntersectionTypes();
    const whole = members.find((member) => !MERGED.has(kindOf(member)));
    return whole ? context.part(whole) : objectSchema(type, context, new Set(members.flatMap(brandNames)));
  },
  array: (type, context) => ({ type: "array", items: context.part(type.getArrayElementTypeOrThrow(), "[]") }),
  tuple: tupleSchema,
  "plain-object": () => ({ type: "object" }),
  object: objectSchema,
  codec: (type, context) => {
    const kind = codecOf(type) ?? "undefined";
    if (kind === "Error") ownFields(type, context);
    const steps = Object.hasOwn(INSIDE, kind) ? (INSIDE[kind] ?? []) : [];
    const parts = steps.map((step, i) => {
      const part = type.getTypeArguments()[i];
      return part ? context.part(part, step) : {};
    });
    const open = parts.every((part) => Object.keys(part).length === 0);
    return { [KIND_KEYWORD]: kind, ...(open ? {} : { [PARTS_KEYWORD]: parts }) };
  },
  "value-class": valueClassSchema,
  function: (_, context) => context.refuse("a function"),
  symbol: (_, context) => context.refuse("a symbol"),
  promise: (_, context) => context.refuse("a promise"),
  class: (type, context) => context.refuse(`the class ${type.getSymbol()?.getName() ?? ""}`.trimEnd()),
};

/** Kinds of intersection members whose properties make one object; any other member is the value itself. */
const MERGED: ReadonlySet<TypeKind> = new Set([
  "object",
  "plain-object",
  "intersection",
  "class",
  "anything",
  "parameter",
]);

/** Properties of `{ readonly __brand: "UserId" }`: by custom, nothing has them. */
function brandNames(member: Type): readonly string[] {
  const names = member.getProperties().map((property) => property.getName());
  return names.every((name) => isSymbolKeyed(name) || /^__\w*(brand|tag|type|opaque)/i.test(name)) ? names : [];
}

/** Steps from a collection to what it holds, by type argument. */
const INSIDE: Readonly<Record<string, readonly string[]>> = { Map: [".keys()[]", ".values()[]"], Set: [".values()[]"] };

/** Fields of instances must survive; methods stay with the class. Those that every error has are checked as values alone. */
function ownFields(type: Type, context: SchemaContext): void {
  for (const property of type.getProperties()) {
    const name = property.getName();
    const counts = property.hasFlags(SymbolFlags.Property) && !name.startsWith("__") && !ERROR_FIELDS.has(name);
    if (counts) context.optionalPart(property.getTypeAtLocation(context.at), name);
  }
}

const ERROR_FIELDS: ReadonlySet<string> = new Set(["name", "message", "stack", "cause"]);

function valueClassSchema(type: Type, context: SchemaContext): JsonSchema {
  const registered = valueClassOf(type);
  // Its own fields are what is stored.
  if (registered && !registered.encodes) ownFields(type, context);
  return { [KIND_KEYWORD]: `value:${registered?.id ?? ""}` };
}

function literalOf(type: Type): string | number | boolean {
  if (type.isBooleanLiteral()) return type.getText() === "true";
  const value = type.getLiteralValue();
  return typeof value === "number" ? value : String(value);
}
