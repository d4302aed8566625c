// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template literal types
import { expect, test } from "vitest";
import type { JsonSchema } from "./json-schema.js";
import { schemaToTypeText } from "./type-text.js";

const CASES: readonly (readonly [string, JsonSchema | boolean])[] = [
  ["unknown", {}],
  ["unknown", true],
  ["never", false],
  ["string", { type: "string" }],
  ["number", { type: "integer" }],
  ['"a" | "b"', { enum: ["a", "b"] }],
  ['"a" | 3 | null', { anyOf: [{ const: "a" }, { const: 3 }, { type: "null" }] }],
  ["Date", { "x-millrace-kind": "Date" }],
  ["Map<unknown, unknown>", { "x-millrace-kind": "Map" }],
  [
    "Map<string, Date[]>",
    {
      "x-millrace-kind": "Map",
      "x-millrace-parts": [{ type: "string" }, { type: "array", items: { "x-millrace-kind": "Date" } }],
    },
  ],
  ["Point", { "x-millrace-kind": "value:Point" }],
  ["string[]", { type: "array", items: { type: "string" } }],
  [
    "(string | undefined)[]",
    { type: "array", items: { anyOf: [{ type: "string" }, { "x-millrace-kind": "undefined" }] } },
  ],
  ['"a | b"[]', { type: "array", items: { const: "a | b" } }],
  ["[]", { type: "array", items: false, maxItems: 0 }],
  ["`v${number}`[]", { type: "array", items: { type: "string", pattern: "^v", title: "`v${number}`" } }],
  ["Record<string, number>", { type: "object", patternProperties: { "^x-": { type: "number" } } }],
  ["unknown[]", { type: "array" }],
  [
    "[string, number?]",
    { type: "array", prefixItems: [{ type: "string" }, { type: "number" }], items: false, minItems: 1 },
  ],
  ["[string, ...number[]]", { type: "array", prefixItems: [{ type: "string" }], items: { type: "number" } }],
  ["object", { type: "object" }],
  ["{}", { type: "object", additionalProperties: false }],
  ["Record<string, number>", { type: "object", additionalProperties: { type: "number" } }],
  [
    '{ city: string; days?: number; "odd key"?: Date }[]',
    {
      type: "array",
      items: {
        type: "object",
        properties: { city: { type: "string" }, days: { type: "number" }, "odd key": { "x-millrace-kind": "Date" } },
        required: ["city"],
      },
    },
  ],
  [
    "(string | number) & { a: string }",
    {
      allOf: [
        { anyOf: [{ type: "string" }, { type: "number" }] },
        { properties: { a: { type: "string" } }, required: ["a"] },
      ],
    },
  ],
  [
    "{ value: number; next?: Node }",
    {
      $ref: "#/$defs/Node",
      $defs: {
        Node: {
          type: "object",
          properties: { value: { type: "number" }, next: { $ref: "#/$defs/Node" } },
          required: ["value"],
        },
      },
    },
  ],
  ["Lost", { $ref: "#/$defs/Lost" }],
];

test.each(CASES)("%s", (text, schema) => {
  expect(schemaToTypeText(schema)).toBe(text);
});

test("refs are looked up in the document that holds the schema", () => {
  expect(schemaToTypeText({ $ref: "#/$defs/A" }, { $defs: { A: { type: "string" } } })).toBe("string");
});
