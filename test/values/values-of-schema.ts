/** Values of a type, made from the schema that the compiler gave it: the arbitrary of an accepted type. */
import type { JsonSchema } from "@millrace/core";
import fc from "fast-check";
import { anyValue, kinds, text } from "./arbitrary-values.js";
import { Money, Point } from "./value-classes.mjs";

const byKind = kinds(fc.oneof(fc.integer(), fc.string({ maxLength: 8 }), fc.constant(undefined)));

const CLASSES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  "value:test.point": fc.tuple(fc.double(), fc.date()).map(([x, y]) => new Point(x, y)),
  "value:test.money": fc.integer().map((cents) => new Money(cents)),
};

/** Names that no type of these tests has: types are open. */
const EXTRA = fc.constantFrom("extra", "__proto__", "toJSON", "");

/** An arbitrary of the values that a schema describes. */
export function valuesOf(schema: JsonSchema, root: JsonSchema = schema, depth = 0): fc.Arbitrary<unknown> {
  const inner = (part: JsonSchema): fc.Arbitrary<unknown> => valuesOf(part, root, depth + 1);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/$defs/", "");
    return inner(root.$defs?.[name] ?? {});
  }
  const kind = schema["x-millrace-kind"];
  const [first, second] = (schema["x-millrace-parts"] ?? []).map((part) => (depth > 3 ? undefined : inner(part)));
  if (first && second) return fc.array(fc.tuple(first, second), { maxLength: 3 }).map((entries) => new Map(entries));
  if (first) return fc.array(first, { maxLength: 3 }).map((items) => new Set(items));
  if (kind !== undefined) return CLASSES[kind] ?? byKind[kind] ?? fc.constant(missing(kind));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  // Below a few levels, alternatives that end the recursion are taken.
  if (schema.anyOf) return fc.oneof(...(depth > 6 ? schema.anyOf.filter(isFlat) : schema.anyOf).map(inner));
  switch (schema.type) {
    case "string":
      return schema.pattern ? fc.stringMatching(new RegExp(schema.pattern)) : text;
    case "number":
      return byKind.number ?? fc.double();
    case "array":
      return arrays(schema, inner, depth);
    case "object":
      return objects(schema, inner, depth);
    case undefined:
      return anyValue;
    default:
      return byKind[schema.type] ?? fc.constant(missing(schema.type));
  }
}

type Inner = (part: JsonSchema) => fc.Arbitrary<unknown>;

function arrays({ prefixItems = [], items, minItems = 0 }: JsonSchema, inner: Inner, depth: number) {
  const fixed = fc
    .tuple(
      fc.integer({ min: Math.min(minItems, prefixItems.length), max: prefixItems.length }),
      ...prefixItems.map(inner),
    )
    .map(([length, ...values]) => values.slice(0, length as number));
  if (items === false) return fixed;
  const rest = fc.array(inner(typeof items === "object" ? items : {}), {
    minLength: Math.max(0, minItems - prefixItems.length),
    maxLength: depth > 3 ? Math.max(0, minItems - prefixItems.length) : 3,
  });
  return fc.tuple(fc.tuple(...prefixItems.map(inner)), rest).map(([head, tail]) => [...head, ...tail]);
}

function objects(
  { properties = {}, required = [], additionalProperties, patternProperties = {} }: JsonSchema,
  inner: Inner,
  depth: number,
) {
  const declared = Object.entries(properties).filter(([name]) => required.includes(name) || depth <= 3);
  const own = fc.record(Object.fromEntries(declared.map(([name, part]) => [name, inner(part)])), {
    requiredKeys: required.filter((name) => declared.some(([other]) => other === name)),
  });
  const indexed = typeof additionalProperties === "object" ? additionalProperties : undefined;
  const names = fc.string({ maxLength: 6 }).filter((name) => !Object.hasOwn(properties, name));
  const more =
    depth > 3
      ? fc.constant([])
      : fc.array(fc.tuple(indexed ? names : EXTRA, indexed ? inner(indexed) : anyValue), {
          maxLength: indexed ? 3 : 1,
        });
  const matching = Object.entries(patternProperties).map(([pattern, part]) =>
    fc.array(fc.tuple(fc.stringMatching(new RegExp(pattern)), inner(part)), { maxLength: 2 }),
  );
  return fc.tuple(own, more, ...matching).map(([value, ...lists]) => {
    const result: object = { ...value };
    for (const [name, item] of lists.flat()) {
      Object.defineProperty(result, name, { value: item, enumerable: true, writable: true, configurable: true });
    }
    return result;
  });
}

function isFlat({ type, $ref }: JsonSchema): boolean {
  return $ref === undefined && type !== "object" && type !== "array";
}

function missing(name: string): never {
  throw new Error(`No arbitrary makes values of ${name}.`);
}
