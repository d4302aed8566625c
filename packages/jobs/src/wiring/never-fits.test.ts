/** What is said before there are values must hold for all of them. */

import type { JsonSchema } from "@millrace/core";
import { compileValidator } from "@millrace/core/validate";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neverFits } from "./never-fits.js";
import { partOfSchema } from "./part-of-schema.js";

const fits = (source: JsonSchema, target: JsonSchema): boolean =>
  !neverFits({ schema: source, root: source }, { schema: target, root: target });

const text: JsonSchema = { type: "string" };
const number: JsonSchema = { type: "number" };
const object = (properties: Record<string, JsonSchema>, required = Object.keys(properties)): JsonSchema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const { schemas } = fc.letrec<{
  schemas: JsonSchema;
  leaf: JsonSchema;
  list: JsonSchema;
  fields: JsonSchema;
  union: JsonSchema;
}>((tie) => ({
  schemas: fc.oneof({ depthSize: "small" }, tie("leaf"), tie("list"), tie("fields"), tie("union")),
  leaf: fc.constantFrom<JsonSchema>(
    text,
    number,
    { type: "integer" },
    { type: "boolean" },
    { type: "null" },
    { const: "a" },
    { enum: ["a", "b"] },
    { enum: [1, "a"] },
    {},
  ),
  list: tie("schemas").map((items): JsonSchema => ({ type: "array", items: items as JsonSchema })),
  fields: fc
    .dictionary(fc.constantFrom("a", "b"), tie("schemas"), { noNullPrototype: true })
    .map((properties): JsonSchema => {
      const fields = properties as Record<string, JsonSchema>;
      const required = Object.keys(fields).filter((name) => name === "a");
      const open = Object.keys(fields).length === 0;
      return { type: "object", properties: fields, required, ...(open ? {} : { additionalProperties: false }) };
    }),
  union: fc
    .array(tie("schemas"), { minLength: 1, maxLength: 3 })
    .map((anyOf): JsonSchema => ({ anyOf: anyOf as JsonSchema[] })),
}));

const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: "small" }, tie("leaf"), tie("list"), tie("fields")),
  leaf: fc.constantFrom<unknown>("a", "b", "c", 1, 2.5, true, null),
  list: fc.array(tie("any"), { minLength: 1, maxLength: 2 }),
  fields: fc.dictionary(fc.constantFrom("a", "b"), tie("any"), { noNullPrototype: true }),
})).any;

describe("a type never fits another", () => {
  it("only if no value is of both", () => {
    let said = 0;
    fc.assert(
      fc.property(schemas, schemas, fc.array(value, { minLength: 20, maxLength: 20 }), (source, target, values) => {
        if (fits(source, target)) return;
        said += 1;
        const [is, wants] = [compileValidator(source), compileValidator(target)];
        for (const one of values)
          expect([source, target, one, is(one).length === 0 && wants(one).length === 0]).toContain(false);
      }),
      { seed: 58, numRuns: 1_500 },
    );
    expect(said).toBeGreaterThan(300);
  });

  it.each<[string, JsonSchema, JsonSchema]>([
    ["text and number", text, number],
    ["a list and one of its items", { type: "array", items: text }, text],
    ["lists of different items", { type: "array", items: text }, { type: "array", items: number }],
    ["other literals", { const: "a" }, { enum: ["b", "c"] }],
    ["an object that lacks a property", object({ a: text }), object({ a: text, b: text })],
    ["a property of another type", object({ a: text }), object({ a: number })],
    ["a date and a text", { "x-millrace-kind": "Date" }, text],
    ["no member of a union", { anyOf: [text, { type: "null" }] }, { anyOf: [number, { type: "boolean" }] }],
  ])("%s", (_, source, target) => expect(fits(source, target)).toBe(false));

  it.each<[string, JsonSchema, JsonSchema]>([
    ["a member of a union", { anyOf: [text, { type: "null" }] }, text],
    ["an integer and a number", { type: "integer" }, number],
    ["what is not known", {}, number],
    ["an optional property", object({ a: text }), object({ a: text, b: text }, ["a"])],
    ["an object of any properties", { type: "object" }, object({ a: text })],
  ])("%s can fit", (_, source, target) => expect(fits(source, target)).toBe(true));
});

describe("a part of a schema", () => {
  const schema: JsonSchema = {
    $defs: { Node: object({ name: text, next: { anyOf: [{ $ref: "#/$defs/Node" }, { type: "null" }] } }) },
    ...object({
      rows: { type: "array", items: { $ref: "#/$defs/Node" } },
      pair: { type: "array", prefixItems: [text, number], items: false },
      byName: { type: "object", additionalProperties: number },
      any: {},
      when: { "x-millrace-kind": "Date" },
    }),
  };
  const part = (path: string): unknown => partOfSchema(schema, path.split("."), schema);

  it.each([
    ["rows.0.name", { schemas: [text] }],
    ["rows.0.next.next.name", { schemas: [text] }],
    ["rows.length", { schemas: [number] }],
    ["pair.1", { schemas: [number] }],
    ["byName.whatever", { schemas: [number] }],
    ["any.thing.at.all", "unknown"],
    ["when.getTime", "unknown"],
    ["rows.first", { missing: "first", known: [] }],
    ["rows.0.nam", { missing: "nam", known: ["name", "next"] }],
    ["pair.2", { missing: "2", known: [] }],
    ["byName.x.y", { missing: "y", known: [] }],
  ])("%s", (path, expected) => expect(part(path)).toEqual(expected));
});
