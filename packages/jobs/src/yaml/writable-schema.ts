/** The schema of a type as editors need it for YAML: what a file may say at its place. Lenient, since parts may stand in other files. */
import { type JsonSchema, KIND_KEYWORD } from "@millrace/core";

/** Variables and references, which stand for any value. */
export const FILLED_LATER: JsonSchema = { type: "string", pattern: "\\$(?:ENV|VAR|SYS|\\{)\\{" };

const SECRET: JsonSchema = {
  type: "object",
  properties: {
    secret: {
      type: "object",
      properties: { env: { type: "string" }, file: { type: "string" } },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

/** Keywords that are kept as they are; what is required may be given by a file that is included. */
const PLAIN = [
  "type",
  "const",
  "enum",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "title",
  "description",
  "default",
] as const;

/** @param place Where its document stands in the new one: `#/$defs/Fetch`; its own definitions stand beside it, as `#/$defs/Fetch.Row`. */
export function writableSchema(schema: JsonSchema, place: string): JsonSchema {
  const { $ref } = schema;
  if ($ref !== undefined) return { $ref: $ref === "#" ? place : $ref.replace("#/$defs/", `${place}.`) };
  const kind = schema[KIND_KEYWORD];
  if (kind !== undefined) return kind === "Secret" ? SECRET : {};
  const plain = Object.fromEntries(PLAIN.flatMap((name) => (schema[name] === undefined ? [] : [[name, schema[name]]])));
  const value = (inner: JsonSchema): JsonSchema => orFilledLater(writableSchema(inner, place));
  const { properties, additionalProperties, items, anyOf, allOf } = schema;
  return {
    ...plain,
    ...(properties
      ? { properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, value(one)])) }
      : {}),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: value(additionalProperties) }
      : properties && Object.keys(properties).length > 0
        ? { additionalProperties: false }
        : {}),
    ...(typeof items === "object" && !schema.prefixItems ? { items: value(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map((one) => writableSchema(one, place)) } : {}),
    ...(allOf ? { allOf: allOf.map((one) => ({ ...writableSchema(one, place), additionalProperties: true })) } : {}),
  };
}

/** What is open to any text needs no second alternative. */
export function orFilledLater(schema: JsonSchema): JsonSchema {
  const isText = schema.type === "string" && !schema.enum && schema.pattern === undefined && schema.const === undefined;
  if (isText || Object.keys(schema).length === 0) return schema;
  const { title, description, default: otherwise, ...rest } = schema;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(otherwise === undefined ? {} : { default: otherwise }),
    anyOf: [rest, FILLED_LATER],
  };
}
