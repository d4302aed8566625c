/**
 * The keyword `required` as TypeScript means it: a property whose type allows undefined must be there, any other must be
 * there and not undefined. Replaces Ajv's own, which takes undefined for missing in both cases.
 */
import type { FuncKeywordDefinition, SchemaObjCxt } from "ajv/dist/2020.js";
import type { AnySchemaObject, DataValidateFunction } from "ajv/dist/types/index.js";
import { type JsonSchema, KIND_KEYWORD } from "./json-schema.js";
import { resolveRef } from "./resolve-ref.js";

/** The definition to give to Ajv in place of its own. */
export const requiredKeyword: FuncKeywordDefinition = {
  keyword: "required",
  type: "object",
  schemaType: "array",
  compile(names: readonly string[], parentSchema: AnySchemaObject, context: SchemaObjCxt): DataValidateFunction {
    // Schemas of manifests are JsonSchema; Ajv only knows that they are objects.
    const parent = parentSchema as JsonSchema;
    // The document's root is the schema that was given to compile.
    const root = context.schemaEnv.root.schema as JsonSchema;
    const missingFrom = missingNames(names, parent, root);
    const check: DataValidateFunction = (value: Record<string, unknown>) => {
      const missing = missingFrom(value);
      check.errors = missing.map((name) => ({ keyword: "required", params: { missingProperty: name }, parentSchema }));
      return missing.length === 0;
    };
    return check;
  },
};

/** Makes what tells which of the required names of a schema an object lacks. */
export function missingNames(
  names: readonly string[],
  schema: JsonSchema,
  root: JsonSchema,
): (value: Readonly<Record<string, unknown>>) => readonly string[] {
  const mayBeUndefined = new Set(
    names.filter((name) => {
      const type = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
      return type === undefined || acceptsUndefined(type, root);
    }),
  );
  return (value) =>
    names.filter((name) => !Object.hasOwn(value, name) || (value[name] === undefined && !mayBeUndefined.has(name)));
}

function acceptsUndefined(schema: JsonSchema, root: JsonSchema, depth = 0): boolean {
  const resolved = resolveRef(schema, root);
  if (!resolved || depth > 100) return false;
  if (resolved[KIND_KEYWORD] !== undefined) return resolved[KIND_KEYWORD] === "undefined";
  if (resolved.anyOf) return resolved.anyOf.some((branch) => acceptsUndefined(branch, root, depth + 1));
  return resolved.type === undefined && resolved.const === undefined && resolved.enum === undefined;
}
