/** TypeScript types on their way through `compile()` to the schemas of the manifest, exactly, type by type. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template literal types
import type { JsonSchema, ParamEntry } from "@millrace/core";
import { compileValidator } from "@millrace/core/validate";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { oneModule } from "./one-module.js";

const PRELUDE = `
import { Task, param, task, value } from "millrace";
enum Color { Red, Green = "g" }
const MODES = { fast: "f", slow: "s" } as const;
interface Tree { left?: Tree; right?: Tree; value: number }
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Box<T> { item: T; next?: Box<T> }
type A = { b?: B }; type B = { a: A };
type Chain = Map<string, Chain>;
declare const brand: unique symbol;
class HttpError extends Error { status = 500; cause2?: HttpError; describe() { return this.status } }
type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type NonDate<T> = T extends Date ? never : T;
type Getters<T> = { [K in keyof T & string as \`get\${Capitalize<K>}\`]: T[K] };
/** @minimum 1 */ type Positive = number;
/** @format email */ type Email = string;
@value({ id: "acme.point" }) class Point { x = 1; next?: Point; length() { return this.x } }
@value({ id: "acme.handle" }) class Handle { close = () => {}; static encode() { return 1 } static decode() { return new Handle() } }
`;

const number = { type: "number" } as const;
const string = { type: "string" } as const;
const boolean = { type: "boolean" } as const;
const kind = (name: string, ...parts: JsonSchema[]): JsonSchema => ({
  "x-millrace-kind": name,
  ...(parts.length > 0 ? { "x-millrace-parts": parts } : {}),
});
const array = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const object = (properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema => ({
  type: "object",
  ...(Object.keys(properties).length > 0 ? { properties } : {}),
  ...(required.length > 0 ? { required } : {}),
});
const NUMBER = "-?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|0[xX][\\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)";
const tree = object({ left: { $ref: "#/$defs/Tree" }, right: { $ref: "#/$defs/Tree" }, value: number }, "value");

/** Declaration of a field (a type alone stands for `p!: type`) → the schema of the parameter. */
const ROWS: readonly (readonly [string, JsonSchema])[] = [
  // primitives
  ["string", string],
  ["number", number],
  ["boolean", boolean],
  ["bigint", kind("bigint")],
  ["null", { type: "null" }],
  ["undefined", kind("undefined")],
  ["void", kind("undefined")],
  ["any", {}],
  ["unknown", {}],
  ["never", { not: {} }],
  ["object", { type: "object" }],
  // literals
  ['"a"', { const: "a" }],
  ["-3", { const: -3 }],
  ["true", { const: true }],
  ["12n", kind("bigint")],
  ['"b" | "a" | 1', { enum: ["a", "b", 1] }],
  ["boolean | string | 3", { anyOf: [{ const: 3 }, boolean, string] }],
  ["keyof { a: 1; b: 2 }", { enum: ["a", "b"] }],
  // template literals
  ["`v${number}`", { ...string, pattern: `^v${NUMBER}$`, title: "`v${number}`" }],
  ["`${'a' | 'b'}-${1 | 2}`", { enum: ["a-1", "a-2", "b-1", "b-2"] }],
  ["`${string}.ts`", { ...string, pattern: "^[\\s\\S]*\\.ts$", title: "`${string}.ts`" }],
  ["`#${bigint}/${string}`", { ...string, pattern: "^#-?\\d+\\/[\\s\\S]*$", title: "`#${bigint}/${string}`" }],
  ["Uppercase<string>", string],
  // enums and const objects
  ["Color", { enum: ["g", 0] }],
  ["Color.Red", { const: 0 }],
  ["(typeof MODES)[keyof typeof MODES]", { enum: ["f", "s"] }],
  ["typeof MODES", object({ fast: { const: "f" }, slow: { const: "s" } }, "fast", "slow")],
  // arrays and tuples
  ["string[]", array(string)],
  ["readonly Date[]", array(kind("Date"))],
  ["Array<string | null>[]", array(array({ anyOf: [{ type: "null" }, string] }))],
  ["[]", { type: "array", minItems: 0, items: false, maxItems: 0 }],
  [
    "readonly [string, number]",
    { type: "array", prefixItems: [string, number], minItems: 2, items: false, maxItems: 2 },
  ],
  [
    "[a: string, b: boolean]",
    { type: "array", prefixItems: [string, boolean], minItems: 2, items: false, maxItems: 2 },
  ],
  [
    "[string, number?]",
    {
      type: "array",
      prefixItems: [string, { anyOf: [number, kind("undefined")] }],
      minItems: 1,
      items: false,
      maxItems: 2,
    },
  ],
  ["[string, ...number[]]", { type: "array", prefixItems: [string], minItems: 1, items: number }],
  ["[...string[], number]", { type: "array", minItems: 1, items: { anyOf: [number, string] } }],
  [
    "[boolean, ...string[], number]",
    { type: "array", prefixItems: [boolean], minItems: 2, items: { anyOf: [number, string] } },
  ],
  // objects and index signatures
  ["{ a: string; b?: number }", object({ a: string, b: number }, "a")],
  ["{ a: string | undefined }", object({ a: { anyOf: [string, kind("undefined")] } }, "a")],
  ["{ readonly a: 1 }", object({ a: { const: 1 } }, "a")],
  ['{ "odd key": 1 }', object({ "odd key": { const: 1 } }, "odd key")],
  ["{ [key: string]: number }", { type: "object", additionalProperties: number }],
  ["{ [index: number]: Date }", { type: "object", additionalProperties: kind("Date") }],
  [
    "{ [key: string]: number; total: 7 }",
    { ...object({ total: { const: 7 } }, "total"), additionalProperties: number },
  ],
  [
    "{ [key: `x-${string}`]: boolean; id: string }",
    { ...object({ id: string }, "id"), patternProperties: { "^x-[\\s\\S]*$": boolean } },
  ],
  ["Iterable<number>", {}],
  // mapped and conditional aliases
  ["Record<string, number>", { type: "object", additionalProperties: number }],
  ['Record<"x" | "y", number>', object({ x: number, y: number }, "x", "y")],
  ["Partial<Pick<{ a: string; b: number }, 'a'>>", object({ a: string })],
  ["Omit<{ a: string; b: number }, 'a'>", object({ b: number }, "b")],
  ["Required<{ a?: string }>", object({ a: string }, "a")],
  ["Mutable<{ readonly a: string; b?: 1 }>", object({ a: string, b: { const: 1 } }, "a")],
  ["Getters<{ name: string }>", object({ getName: string }, "getName")],
  ["Awaited<Promise<Promise<number>>>", number],
  ["NonNullable<string | null | undefined>", string],
  ["Exclude<'a' | 'b' | 'c', 'b'>", { enum: ["a", "c"] }],
  ["Extract<Shape, { kind: 'circle' }>", object({ kind: { const: "circle" }, radius: number }, "kind", "radius")],
  ["NonDate<string | Date>", string],
  ["Parameters<(a: string, b?: number) => void>[0]", string],
  ["ReturnType<() => Date>", kind("Date")],
  // intersections and brands
  ["{ a: 1 } & { b: 2 }", object({ a: { const: 1 }, b: { const: 2 } }, "a", "b")],
  ["Tree & { name?: string }", { ...tree, properties: { ...tree.properties, name: string }, $defs: { Tree: tree } }],
  ["string & { readonly [brand]: 1 }", string],
  ['number & { __brand: "Metres" }', number],
  ['{ a: 1 } & { readonly __brand: "Id" }', object({ a: { const: 1 } }, "a")],
  ["{ a: 1 } & { readonly [brand]: 1 }", object({ a: { const: 1 } }, "a")],
  ["Date & { readonly [brand]: 1 }", kind("Date")],
  ["string[] & { readonly [brand]: 1 }", array(string)],
  // unions
  ["string | null", { anyOf: [{ type: "null" }, string] }],
  ["string | unknown", {}],
  [
    "Shape",
    {
      anyOf: [
        object({ kind: { const: "circle" }, radius: number }, "kind", "radius"),
        object({ kind: { const: "square" }, side: number }, "kind", "side"),
      ],
    },
  ],
  // types that contain themselves
  ["Tree", { $ref: "#/$defs/Tree", $defs: { Tree: tree } }],
  ["Tree[]", { ...array({ $ref: "#/$defs/Tree" }), $defs: { Tree: tree } }],
  [
    "A",
    {
      $ref: "#/$defs/A",
      $defs: { A: object({ b: object({ a: { $ref: "#/$defs/A" } }, "a") }) },
    },
  ],
  [
    "Json",
    {
      $ref: "#/$defs/Json",
      $defs: {
        Json: {
          anyOf: [
            array({ $ref: "#/$defs/Json" }),
            boolean,
            { type: "null" },
            number,
            { type: "object", additionalProperties: { $ref: "#/$defs/Json" } },
            string,
          ],
        },
      },
    },
  ],
  ["Chain", { $ref: "#/$defs/Chain", $defs: { Chain: kind("Map", string, { $ref: "#/$defs/Chain" }) } }],
  // instantiated generics
  [
    "[Box<string>, Box<number>]",
    {
      type: "array",
      prefixItems: [{ $ref: "#/$defs/Box" }, { $ref: "#/$defs/Box2" }],
      minItems: 2,
      items: false,
      maxItems: 2,
      $defs: {
        Box: object({ item: string, next: { $ref: "#/$defs/Box" } }, "item"),
        Box2: object({ item: number, next: { $ref: "#/$defs/Box2" } }, "item"),
      },
    },
  ],
  // kinds that JSON has no form for
  ["Date", kind("Date")],
  ["Map<string, Date>", kind("Map", string, kind("Date"))],
  ["Map<unknown, any>", kind("Map")],
  ["ReadonlyMap<string, number[]>", kind("Map", string, array(number))],
  ["Set<bigint>", kind("Set", kind("bigint"))],
  ["ReadonlySet<number>", kind("Set", number)],
  ["RegExp", kind("RegExp")],
  ["URL", kind("URL")],
  ["ArrayBuffer", kind("ArrayBuffer")],
  ["DataView", kind("DataView")],
  ["Buffer", kind("Buffer")],
  ...[
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
  ].map((name) => [name, kind(name)] as const),
  ["Error", kind("Error")],
  ["TypeError", kind("Error")],
  ["HttpError", { $ref: "#/$defs/HttpError", $defs: { HttpError: kind("Error") } }],
  ["Point[]", { ...array({ $ref: "#/$defs/Point" }), $defs: { Point: kind("value:acme.point") } }],
  ["Handle", kind("value:acme.handle")],
  // absence stands for undefined
  ["p?: string | undefined", string],
  ["p?: boolean", boolean],
  ["p?: Tree", { $ref: "#/$defs/Tree", $defs: { Tree: tree } }],
  // doc tags
  ["/** @minimum 1 @maximum 9.5 */ p!: number", { ...number, minimum: 1, maximum: 9.5 }],
  [
    "/** @exclusiveMinimum -1 @exclusiveMaximum 1e3 */ p = 7",
    { ...number, exclusiveMinimum: -1, exclusiveMaximum: 1000 },
  ],
  ["/** @multipleOf 0.5 */ p?: number | null", { anyOf: [{ type: "null" }, { ...number, multipleOf: 0.5 }] }],
  ["/** @asType integer */ p!: number", { type: "integer" }],
  ["/** @minLength 2\n * @maxLength 80 */ p!: string", { ...string, minLength: 2, maxLength: 80 }],
  ["/** @pattern ^[a-z]{2}\\d+$ */ p!: string", { ...string, pattern: "^[a-z]{2}\\d+$" }],
  ["/** @format date-time */ p!: string", { ...string, format: "date-time" }],
  [
    "/** @minItems 1 @maxItems 3 @uniqueItems */ p!: string[]",
    { ...array(string), minItems: 1, maxItems: 3, uniqueItems: true },
  ],
  ["/** @items.minLength 1 @minItems 1 */ p!: string[]", { ...array({ ...string, minLength: 1 }), minItems: 1 }],
  [
    "/** @minProperties 1 @maxProperties 2 */ p!: Record<string, number>",
    { type: "object", additionalProperties: number, minProperties: 1, maxProperties: 2 },
  ],
  ["Positive", { ...number, minimum: 1 }],
  ["/** @maximum 5 */ p!: Positive | null", { anyOf: [{ type: "null" }, { ...number, minimum: 1, maximum: 5 }] }],
  ["readonly Email[]", array({ ...string, format: "email" })],
  [
    "{\n/** @minimum 0 */ a: number; to: Email[] }",
    object({ a: { ...number, minimum: 0 }, to: array({ ...string, format: "email" }) }, "a", "to"),
  ],
  ["Partial<{\n/** @minimum 0 */ a: number }>", object({ a: { ...number, minimum: 0 } })],
  ["/** Tags of others. @since 2 @default 3 */ p = 3", number],
];

const source = ROWS.map(([text], i) => {
  const field = /^(?:\/\*\*[\s\S]*\*\/ )?p[!?]?(?:: | = )/.test(text) ? text : `p!: ${text}`;
  return `@task() export class T${i} extends Task<number> {\n@param() ${field};\nrun() { return 1 }\n}\n`.replace(
    /@param\(\) (\/\*\*[\s\S]*?\*\/) /,
    "$1 @param() ",
  );
}).join("");

let params: readonly ParamEntry[];
let whole: readonly JsonSchema[];

beforeAll(async () => {
  await using project = await oneModule(PRELUDE + source);
  const { manifest, diagnostics } = await project.check();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const entries = ROWS.map((_, i) => manifest?.tasks[`T${i}`]);
  params = entries.map((entry) => entry?.params[0] as ParamEntry);
  whole = entries.map((entry) => entry?.paramsSchema as JsonSchema);
});

const dialect = new Ajv2020({ strict: false });

test.each(ROWS.map(([text, schema], i) => ({ text, schema, i })))("$text", ({ schema, i }) => {
  expect(params[i]?.schema).toEqual(schema);
  for (const written of [params[i]?.schema, whole[i]]) {
    expect(dialect.validateSchema(written ?? {}), JSON.stringify(dialect.errors)).toBe(true);
  }
});

test("a type that grows without end is cut off", async () => {
  await using project = await oneModule(`${PRELUDE}
interface Grow<T> { value: T; next?: Grow<T[]> }
@task() export class T extends Task<number> { @param() p!: Grow<string>; run() { return 1 } }`);
  const { manifest, diagnostics } = await project.check();
  expect(diagnostics).toEqual([]);
  expect(JSON.stringify(manifest?.tasks.T?.paramsSchema).length).toBeLessThan(20_000);
});

/** Field → what its schema takes → what it refuses, with the message. */
describe.each<[string, readonly unknown[], readonly (readonly [unknown, string])[]]>([
  [
    "`v${number}`",
    ["v1", "v-2.5", "v1e3", "v0x1F"],
    [
      ["v", '"p" must be `v${number}`, but it is "v".'],
      ["1", '"p" must be `v${number}`, but it is "1".'],
    ],
  ],
  [
    "{ [key: `x-${string}`]: boolean; id: string }",
    [
      { id: "a", "x-b": true },
      { id: "a", other: 1 },
    ],
    [[{ id: "a", "x-b": 1 }, '"p["x-b"]" must be boolean, but it is 1.']],
  ],
  [
    "Shape",
    [{ kind: "circle", radius: 1 }],
    [
      [{ kind: "circle", radius: "1" }, '"p.radius" must be number, but it is "1".'],
      [{ kind: "square" }, '"p.side" is missing; it must be number.'],
    ],
  ],
  ["/** @minimum 1 @maximum 9.5 */ p!: number", [1, 9.5], [[0, '"p" must be >= 1, but it is 0.']]],
  [
    "ReadonlyMap<string, number[]>",
    [new Map(), new Map([["a", [1]]])],
    [
      [new Map([["a", [1, "2"]]]), '"p.get("a")[1]" must be number, but it is "2".'],
      [new Map([[1, [1]]]), '"p.keys()[0]" must be string, but it is 1.'],
      [new Set(), '"p" must be Map<string, number[]>, but it is Set(0) {}.'],
    ],
  ],
  [
    "Chain",
    [new Map([["a", new Map([["b", new Map()]])]])],
    [
      [
        new Map([["a", new Map([["b", 1]])]]),
        '"p.get("a").get("b")" must be Map<string, Map<string, Chain>>, but it is 1.',
      ],
    ],
  ],
  ["readonly Email[]", [["a@b.no"]], [[["a@b.no", "b"], '"p[1]" must match format "email", but it is "b".']]],
  [
    "/** @pattern ^[a-z]{2}\\d+$ */ p!: string",
    ["no1"],
    [["1", '"p" must match pattern "^[a-z]{2}\\d+$", but it is "1".']],
  ],
  [
    "Tree",
    [{ value: 1, left: { value: 2 } }],
    [[{ value: 1, left: {} }, '"p.left.value" is missing; it must be number.']],
  ],
])("values of %s", (text, good, bad) => {
  const check = (value: unknown) => {
    const schema = whole[ROWS.findIndex(([row]) => row === text)] as JsonSchema;
    return compileValidator(schema)({ p: value }).map(({ message }) => message);
  };
  test.each(good.map((value) => [value]))("takes %j", (value) => expect(check(value)).toEqual([]));
  test.each(bad)("refuses %j", (value, message) => expect(check(value)).toEqual([message]));
});
