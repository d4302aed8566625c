/** The schema of a part of a value, as far as the schema of the whole tells. */
import { type JsonSchema, KIND_KEYWORD, resolveRef } from "@millrace/core";

/** What is known of a part. */
export type SchemaPart =
  /** The part can be there, and these are its schemas: several for a union. */
  | { readonly schemas: readonly JsonSchema[] }
  /** No value of the schema has it. */
  | { readonly missing: string; readonly known: readonly string[] }
  /** The schema does not tell. */
  | "unknown";

/** Follows names and indices. `root`: the document of the schema. */
export function partOfSchema(schema: JsonSchema, path: readonly string[], root: JsonSchema): SchemaPart {
  let schemas = branches(schema, root);
  for (const segment of path) {
    const steps = schemas.map((one) => step(one, segment));
    if (steps.includes("unknown")) return "unknown";
    const found = steps.flatMap((one) => (one === "unknown" || one === undefined ? [] : branches(one, root)));
    if (found.length === 0) {
      const known = schemas.flatMap(({ properties = {} }) => Object.keys(properties));
      return { missing: segment, known: [...new Set(known)] };
    }
    schemas = found;
  }
  return { schemas };
}

/** The alternatives of a union; types that contain themselves through unions alone are cut. */
export function branches(schema: JsonSchema, root: JsonSchema, depth = 0): readonly JsonSchema[] {
  const plain = resolveRef(schema, root);
  if (!plain || depth > 20) return [{}];
  return plain.anyOf ? plain.anyOf.flatMap((one) => branches(one, root, depth + 1)) : [plain];
}

/** One step into a schema that is no union; undefined if its values have no such part. */
function step(schema: JsonSchema, segment: string): JsonSchema | "unknown" | undefined {
  const { type, properties = {}, additionalProperties, patternProperties, prefixItems, items, allOf } = schema;
  if (allOf || schema[KIND_KEYWORD] !== undefined || patternProperties) return "unknown";
  if (type === "object") {
    if (Object.hasOwn(properties, segment)) return properties[segment];
    if (typeof additionalProperties === "object") return additionalProperties;
    return Object.keys(properties).length > 0 || additionalProperties === false ? undefined : "unknown";
  }
  if (type === "array") {
    if (segment === "length") return { type: "number" };
    if (!/^\d+$/.test(segment)) return undefined;
    const item = prefixItems?.[Number(segment)] ?? items;
    return item === false ? undefined : typeof item === "object" ? item : "unknown";
  }
  if (type !== undefined) return undefined;
  // Literals have no parts; what says nothing may have any.
  return schema.const !== undefined || schema.enum ? undefined : "unknown";
}
