/** Objects with named properties and index signatures. */
import type { JsonSchema } from "@millrace/core";
import { type Symbol as MorphSymbol, SymbolFlags, type Type } from "ts-morph";
import { constrained } from "./doc-constraints.js";
import type { SchemaContext } from "./schema-context.js";
import { templatePattern } from "./template-pattern.js";
import { wrapType } from "./wrap-type.js";

/** The schema of an object type: open, since a value may have more properties than its type names. `phantoms`: brands. */
export function objectSchema(type: Type, context: SchemaContext, phantoms?: ReadonlySet<string>): JsonSchema {
  const properties: [string, JsonSchema][] = [];
  const required: string[] = [];
  const all = type.getProperties();
  // `Iterable<T>` says nothing but what stands under a symbol: lists are of that type, too.
  if (all.length > 0 && all.every((property) => isSymbolKeyed(property.getName())) && !type.isIntersection()) return {};
  for (const property of all) {
    const name = property.getName();
    if (isSymbolKeyed(name) || phantoms?.has(name)) continue;
    properties.push([name, propertySchema(property, context)]);
    if (!property.hasFlags(SymbolFlags.Optional)) required.push(name);
  }
  return {
    type: "object",
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(required.length > 0 ? { required: required.sort() } : {}),
    ...indexSchemas(type, context),
  };
}

/** One property, with what its doc comment demands. */
function propertySchema(property: MorphSymbol, context: SchemaContext): JsonSchema {
  const name = property.getName();
  const type = property.getTypeAtLocation(context.at);
  const optional = property.hasFlags(SymbolFlags.Optional);
  const schema = optional ? context.optionalPart(type, name) : context.part(type, name);
  return constrained(schema, property.getDeclarations(), context);
}

/** Keys of text or numbers → `additionalProperties`, keys of a template → `patternProperties`; values have no symbol keys. */
function indexSchemas(type: Type, context: SchemaContext): JsonSchema {
  const checker = context.at.getProject().getTypeChecker();
  const infos = checker.compilerObject.getIndexInfosOfType(type.compilerType);
  const patterns = infos.flatMap((info) => {
    const pattern = templatePattern(info.keyType);
    const value = wrapType(info.type, checker);
    return pattern === undefined ? [] : [[pattern, value ? context.part(value, "[]") : {}] as const];
  });
  const plain = type.getStringIndexType() ?? type.getNumberIndexType();
  return {
    ...(patterns.length > 0
      ? { patternProperties: Object.fromEntries(patterns.sort(([a], [b]) => (a < b ? -1 : 1))) }
      : {}),
    ...(plain ? { additionalProperties: context.part(plain, "[]") } : {}),
  };
}

/** The checker's spelling of a property under a symbol: no value that is sent has one, so it is a brand. */
export function isSymbolKeyed(name: string): boolean {
  return name.startsWith("__@");
}
