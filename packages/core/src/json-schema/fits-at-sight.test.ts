import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ref } from "../values/ref.js";
import { fitsAtSight } from "./fits-at-sight.js";
import type { JsonSchema } from "./json-schema.js";
import { compileValidator } from "./validate.js";

const NAMES = ["a", "b", "__proto__", "toString"];
const name = fc.constantFrom(...NAMES);
const literal = fc.constantFrom(null, true, 0, 1, 3, "", "a", "abc");
const small = fc.integer({ min: 0, max: 3 });

/** Objects whose keys are of the names above, own ones whatever they are called. */
function byName<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Readonly<Record<string, T>>> {
  return fc
    .array(fc.tuple(name, value), { maxLength: 3 })
    .map((pairs) => Object.fromEntries(pairs) as Readonly<Record<string, T>>);
}

/** A schema of a few keywords: with many, hardly a value fits. */
function ofSome(keywords: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<JsonSchema> {
  const one = fc.oneof(...Object.entries(keywords).map(([keyword, given]) => given.map((is) => ({ [keyword]: is }))));
  return fc.array(one, { maxLength: 3 }).map((some) => Object.assign({}, ...some) as JsonSchema);
}

const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    ofSome({
      type: fc.constantFrom("string", "number", "integer", "boolean", "null", "object", "array"),
      "x-millrace-kind": fc.constantFrom("Date", "bigint", "undefined", "Map", "nothing"),
      const: literal,
      enum: fc.array(literal, { minLength: 1, maxLength: 3 }),
      minimum: small,
      exclusiveMaximum: small,
      minLength: small,
      maxLength: small,
      pattern: fc.constantFrom("^a", "c$"),
      format: fc.constantFrom("date", "uuid"),
      $ref: fc.constantFrom("#/$defs/leaf", "#/$defs/list", "#/$defs/alias"),
    }),
    ofSome({
      type: fc.constantFrom("object", "array"),
      properties: byName(tie("schema")),
      required: fc.uniqueArray(name, { maxLength: 2 }),
      additionalProperties: fc.oneof(fc.boolean(), tie("schema")),
      items: fc.oneof(fc.boolean(), tie("schema")),
      prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      minItems: small,
      maxItems: small,
      uniqueItems: fc.constant(true),
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
      allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      not: tie("schema"),
    }),
  ),
}));

const DEFS: JsonSchema["$defs"] = {
  leaf: { type: "string" },
  list: { type: "array", items: { $ref: "#/$defs/list" } },
  alias: { $ref: "#/$defs/leaf", minLength: 2 },
};

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    literal,
    fc.constantFrom(
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2.5,
      -0,
      7n,
      new Date(0),
      new Map(),
      "𝒜𝒜",
      "2026-02-30",
    ),
    fc.constant(Ref.named("0".repeat(64), 1)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.constant(Object.assign(Array(2), { 1: "a" })),
    byName(tie("value")),
  ),
}));

/** What Ajv says: a keyword that nobody knows keeps the value from being judged at sight. */
function ajvAccepts(schema: JsonSchema, value: unknown): boolean {
  return compileValidator({ ...schema, $comment: "" } as JsonSchema)(value).length === 0;
}

it("never says yes where Ajv says no", () => {
  let yes = 0;
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 20, maxLength: 20 }), (drawn, values) => {
      const whole = { ...drawn, $defs: DEFS };
      const fits = fitsAtSight(whole);
      for (const one of values) {
        if (!fits(one)) continue;
        yes++;
        expect(ajvAccepts(whole, one)).toBe(true);
      }
    }),
    { seed: 1, numRuns: 1_500 },
  );
  expect(yes).toBeGreaterThan(2_000);
});

describe("is sure of", () => {
  const city: JsonSchema = {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1, description: "Its name." },
      founded: { "x-millrace-kind": "Date" },
    },
    required: ["name"],
    additionalProperties: false,
  };
  it.each<[string, JsonSchema, unknown]>([
    ["an object with what it needs", city, { name: "Oslo", founded: new Date(0) }],
    ["an optional property that is undefined", city, { name: "Oslo", founded: undefined }],
    ["lists", { type: "array", items: city, minItems: 1 }, [{ name: "Oslo" }, { name: "Bergen" }]],
    ["tuples", { type: "array", prefixItems: [{ type: "number" }], items: false, minItems: 1 }, [1]],
    ["records", { type: "object", additionalProperties: { type: "number" } }, { a: 1, toString: 2 }],
    ["unions", { anyOf: [{ const: "fast" }, city] }, { name: "Oslo" }],
    ["types that hold themselves", { type: "array", items: { $ref: "#" } }, [[], [[]]]],
    ["a Ref for any value", { type: "object", properties: { city } }, { city: Ref.named("0".repeat(64), 1) }],
    ["whatever is unknown", { type: "object", properties: { any: {} }, required: ["any"] }, { any: undefined }],
  ])("%s", (_what, schema, value) => {
    expect(fitsAtSight(schema)(value)).toBe(true);
  });
});

it("is not sure of a Ref in a union, where it does not tell which member is meant", () => {
  const union: JsonSchema = { anyOf: [{ type: "object", properties: { a: { type: "number" } } }, { type: "null" }] };
  expect(fitsAtSight(union)({ a: Ref.named("0".repeat(64), 1) })).toBe(false);
});

it("leaves a keyword that it does not know to Ajv, own names of Object among them", () => {
  for (const schema of [{ uniqueItems: true }, { if: {} }, JSON.parse('{"toString": 1}')]) {
    expect(fitsAtSight(schema)([1])).toBe(false);
    expect(compileValidator(schema)([1])).toEqual([]);
  }
});
