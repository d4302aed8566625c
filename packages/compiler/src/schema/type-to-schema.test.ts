/** The processor table, type by type. */
import { Project, type SourceFile } from "ts-morph";
import { expect, test } from "vitest";
import { typeToSchema } from "./type-to-schema.js";

const PRELUDE = `
import { value } from "@millrace/sdk";
enum Color { Red, Green = "g" }
interface Tree { left?: Tree; right?: Tree; value: number }
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type A = { b?: B }; type B = { a: A };
interface Box<T> { item: T; next?: Box<T> }
declare const brand: unique symbol;
class Db { open = true }
class HttpError extends Error { status = 500 }
interface WithMethod { name: string; close(): void }
@value({ id: "acme.point" }) class Point { x = 1; next?: Point; length() { return this.x } }
@value({ id: "acme.handle" }) class Handle { close = () => {}; static encode() { return 1 } static decode() { return new Handle() } }
@value({ id: "acme.bad" }) class Bad { inner = { close: () => {} } }
`;

const number = { type: "number" } as const;
const string = { type: "string" } as const;
const kind = (name: string): object => ({ "x-millrace-kind": name });

const project = new Project({
  useInMemoryFileSystem: false,
  skipAddingFilesFromTsConfig: true,
  compilerOptions: { strict: true, target: 99, module: 99, moduleResolution: 100, types: ["node"] },
});

let count = 0;
function schemaOf(text: string, optional = false): ReturnType<typeof typeToSchema> {
  count += 1;
  const file: SourceFile = project.createSourceFile(
    `${import.meta.dirname}/case-${count}.ts`,
    `${PRELUDE}export type Case = ${text};\n`,
  );
  const alias = file.getTypeAliasOrThrow("Case");
  const result = typeToSchema(alias.getType(), alias, optional);
  project.removeSourceFile(file);
  return result;
}

test.each<[string, object]>([
  ["string", string],
  ["number", number],
  ["boolean", { type: "boolean" }],
  ["null", { type: "null" }],
  ["undefined", kind("undefined")],
  ["void", kind("undefined")],
  ["bigint", kind("bigint")],
  ["any", {}],
  ["unknown", {}],
  ["never", { not: {} }],
  ["object", { type: "object" }],
  ['"a"', { const: "a" }],
  ["3", { const: 3 }],
  ["true", { const: true }],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template literal type
  ["`v${number}`", string],
  ["keyof { a: 1; b: 2 }", { enum: ["a", "b"] }],
  ['"b" | "a" | 1', { enum: ["a", "b", 1] }],
  ["string | null", { anyOf: [{ type: "null" }, string] }],
  ["string | undefined", { anyOf: [string, kind("undefined")] }],
  ["boolean | number", { anyOf: [{ type: "boolean" }, number] }],
  ["boolean | string | 3", { anyOf: [{ const: 3 }, { type: "boolean" }, string] }],
  ["string | unknown", {}],
  ["Color", { enum: ["g", 0] }],
  ["Color.Red", { const: 0 }],
  ["string[]", { type: "array", items: string }],
  ["readonly Date[]", { type: "array", items: kind("Date") }],
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
  ["[...string[], number]", { type: "array", items: { anyOf: [number, string] } }],
  ["{ a: string; b?: number }", { type: "object", properties: { a: string, b: number }, required: ["a"] }],
  ["{}", { type: "object" }],
  ["Record<string, number>", { type: "object", additionalProperties: number }],
  ['Record<"x" | "y", number>', { type: "object", properties: { x: number, y: number }, required: ["x", "y"] }],
  ["{ a: 1 } & { b: 2 }", { type: "object", properties: { a: { const: 1 }, b: { const: 2 } }, required: ["a", "b"] }],
  ["string & { readonly [brand]: 1 }", string],
  ["{ a: 1 } & { readonly [brand]: 1 }", { type: "object", properties: { a: { const: 1 } }, required: ["a"] }],
  ["Partial<Pick<{ a: string; b: number }, 'a'>>", { type: "object", properties: { a: string } }],
  ["Awaited<Promise<number>>", number],
  ["Date", kind("Date")],
  ["Map<string, Date>", kind("Map")],
  ["ReadonlySet<number>", kind("Set")],
  ["RegExp", kind("RegExp")],
  ["URL", kind("URL")],
  ["Uint8Array", kind("Uint8Array")],
  ["BigInt64Array", kind("BigInt64Array")],
  ["ArrayBuffer", kind("ArrayBuffer")],
  ["Buffer", kind("Buffer")],
  ["Error", kind("Error")],
  ["TypeError", kind("Error")],
  ["HttpError", kind("Error")],
  ["Point[]", { type: "array", items: { $ref: "#/$defs/Point" }, $defs: { Point: kind("value:acme.point") } }],
  ["Handle", kind("value:acme.handle")],
])("%s", (text, expected) => {
  expect(schemaOf(text)).toEqual({ schema: expected, refusals: [] });
});

test("types that contain themselves become definitions", () => {
  const tree = {
    type: "object",
    properties: { left: { $ref: "#/$defs/Tree" }, right: { $ref: "#/$defs/Tree" }, value: number },
    required: ["value"],
  };
  expect(schemaOf("Tree").schema).toEqual({ $ref: "#/$defs/Tree", $defs: { Tree: tree } });
  expect(schemaOf("Tree[]").schema).toEqual({ type: "array", items: { $ref: "#/$defs/Tree" }, $defs: { Tree: tree } });
  expect(schemaOf("A").schema.$defs).toHaveProperty("A");
  const json = schemaOf("Json").schema;
  expect(json.$ref).toBe("#/$defs/Json");
  expect(json.$defs?.Json?.anyOf).toContainEqual({ type: "array", items: { $ref: "#/$defs/Json" } });
  const boxes = schemaOf("[Box<string>, Box<number>]").schema;
  expect(Object.keys(boxes.$defs ?? {})).toEqual(["Box", "Box2"]);
});

test("a type that grows without end is cut off", () => {
  expect(schemaOf("Grow<string>; interface Grow<T> { value: T; next?: Grow<T[]> }").refusals).toEqual([]);
});

test("an optional parameter needs no undefined", () => {
  expect(schemaOf("string | undefined", true).schema).toEqual(string);
  expect(schemaOf("boolean | undefined", true).schema).toEqual({ type: "boolean" });
  expect(schemaOf("Tree | undefined", true).schema.$ref).toBe("#/$defs/Tree");
});

test.each<[string, string, string]>([
  ["() => void", "", "a function"],
  ["symbol", "", "a symbol"],
  ["Promise<number>", "", "a promise"],
  ["Db", "", "the class Db"],
  ["WeakMap<object, string>", "", "the class WeakMap"],
  ["{ a: { onDone: () => void } }", "a.onDone", "a function"],
  ["{ list: { token: symbol }[] }", "list[].token", "a symbol"],
  ["[string, Promise<number>]", "[1]", "a promise"],
  ["Record<string, Db>", "[]", "the class Db"],
  ["Map<string, () => void>", "<Map>", "a function"],
  ["{ a?: Db | string }", "a", "the class Db"],
  ["WithMethod", "close", "a function"],
  ["{ bad: Bad }", "bad.inner.close", "a function"],
])("%s cannot be sent", (text, path, what) => {
  expect(schemaOf(text).refusals).toEqual([{ path, what }]);
});
