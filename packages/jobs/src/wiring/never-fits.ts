/**
 * Whether no value of one schema fits another: what can be said of two types before there is a value. Where it cannot be told the answer is no,
 * and the value itself is checked when it is there.
 */
import { type JsonSchema, KIND_KEYWORD } from "@millrace/core";
import { branches } from "./part-of-schema.js";

/** A schema in its document. */
export interface RootedSchema {
  readonly schema: JsonSchema;
  readonly root: JsonSchema;
}

/** True if nothing that `source` describes is accepted by `target`, empty lists aside. */
export function neverFits(source: RootedSchema, target: RootedSchema, depth = 0): boolean {
  // Types that contain themselves differ near the top or not at all.
  if (depth > 8) return false;
  const sources = branches(source.schema, source.root);
  const targets = branches(target.schema, target.root);
  return sources.every((one) =>
    targets.every((other) =>
      plainNeverFits({ schema: one, root: source.root }, { schema: other, root: target.root }, depth),
    ),
  );
}

function plainNeverFits(source: RootedSchema, target: RootedSchema, depth: number): boolean {
  const [a, b] = [source.schema, target.schema];
  const [is, wants] = [typeOf(a), typeOf(b)];
  if (is === undefined || wants === undefined) return false;
  if (is !== wants) return true;
  const [has, takes] = [literalsOf(a), literalsOf(b)];
  if (has && takes) return !has.some((one) => takes.includes(one));
  const inside = (from: JsonSchema, to: JsonSchema): boolean =>
    neverFits({ schema: from, root: source.root }, { schema: to, root: target.root }, depth + 1);
  if (is === "object") return objectNeverFits(a, b, inside);
  // An empty list would fit: whoever gives one type for the other does not mean that.
  if (is === "array") {
    const [item, wanted] = [itemOf(a), itemOf(b)];
    return item !== undefined && wanted !== undefined && inside(item, wanted);
  }
  return false;
}

function objectNeverFits(a: JsonSchema, b: JsonSchema, inside: (from: JsonSchema, to: JsonSchema) => boolean): boolean {
  const has = a.properties ?? {};
  const closed = Object.keys(has).length > 0 && typeof a.additionalProperties !== "object" && !a.patternProperties;
  for (const name of b.required ?? []) {
    const given = Object.hasOwn(has, name) ? has[name] : undefined;
    const wanted = b.properties?.[name];
    if (!given) {
      if (closed) return true;
    } else if (wanted && inside(given, wanted)) return true;
  }
  return false;
}

function itemOf({ items, prefixItems }: JsonSchema): JsonSchema | undefined {
  return typeof items === "object" && !prefixItems ? items : undefined;
}

/** The one type that all values of a schema have, kinds included; undefined if it is not known. */
function typeOf(schema: JsonSchema): string | undefined {
  const kind = schema[KIND_KEYWORD];
  if (kind !== undefined) return `kind ${kind}`;
  if (schema.allOf || schema.not) return undefined;
  if (schema.type !== undefined) return schema.type === "integer" ? "number" : schema.type;
  const literals = literalsOf(schema);
  const types = new Set(literals?.map((one) => (one === null ? "null" : typeof one)));
  return types.size === 1 ? [...types][0] : undefined;
}

function literalsOf(schema: JsonSchema): readonly unknown[] | undefined {
  return schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
}
