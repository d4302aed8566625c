import { describe, expect, test } from "vitest";
import { registerValueClass } from "../values/value-classes.js";
import type { JsonSchema } from "./json-schema.js";
import { compileValidator } from "./validate.js";

const CITY: JsonSchema = {
  type: "object",
  properties: { name: { type: "string" }, founded: { "x-millrace-kind": "Date" } },
  required: ["name"],
  additionalProperties: false,
};
const REPORT: JsonSchema = {
  type: "object",
  properties: {
    cities: { type: "array", items: { $ref: "#/$defs/City" } },
    days: { type: "number" },
    mode: {
      anyOf: [
        { const: "fast" },
        { type: "object", properties: { depth: { type: "number" } }, required: ["depth"], additionalProperties: false },
      ],
    },
    note: { anyOf: [{ type: "string" }, { "x-millrace-kind": "undefined" }] },
  },
  required: ["cities", "note"],
  additionalProperties: false,
  $defs: { City: CITY },
};
const validate = compileValidator(REPORT);
const good = { cities: [{ name: "Oslo", founded: new Date(0) }], days: 3, mode: "fast", note: undefined };

test("a good value has no issues and is not touched", () => {
  const value = structuredClone(good);
  expect(validate(value)).toEqual([]);
  expect(value).toEqual(good);
});

describe("one issue for each cause", () => {
  test("missing", () => {
    expect(validate({ note: "" })).toEqual([
      {
        path: "cities",
        problem: "missing",
        expected: "{ name: string; founded?: Date }[]",
        actual: "undefined",
        message: '"cities" is missing; it must be { name: string; founded?: Date }[].',
      },
    ]);
  });

  test("missing, inside a list", () => {
    expect(validate({ ...good, cities: [{ name: "a" }, {}] })).toMatchObject([
      { path: "cities[1].name", problem: "missing" },
    ]);
  });

  test("a required property that is undefined", () => {
    expect(validate({ ...good, cities: undefined })).toMatchObject([{ path: "cities", problem: "missing" }]);
    const { note: _, ...withoutNote } = good;
    expect(validate(withoutNote)).toMatchObject([{ path: "note", problem: "missing", expected: "string | undefined" }]);
  });

  test("unknown, with the name that was meant", () => {
    const [issue, ...rest] = validate({ ...good, dyas: 3 });
    expect(rest).toEqual([]);
    expect(issue).toMatchObject({ path: "dyas", problem: "unknown", actual: "3" });
    expect(issue?.message).toBe('"dyas" is no known property; did you mean "days"?');
  });

  test("mistyped", () => {
    expect(validate({ ...good, days: "3" })).toEqual([
      {
        path: "days",
        problem: "mistyped",
        expected: "number",
        actual: '"3"',
        message: '"days" must be number, but it is "3".',
      },
    ]);
  });

  test("of another kind", () => {
    expect(validate({ ...good, cities: [{ name: "a", founded: "1048" }] })).toMatchObject([
      { path: "cities[0].founded", problem: "mistyped", expected: "Date", actual: '"1048"' },
    ]);
  });

  test("a union gives one issue, not one for each branch", () => {
    expect(validate({ ...good, mode: { deep: 1 } })).toEqual([
      {
        path: "mode",
        problem: "mistyped",
        expected: '"fast" | { depth: number }',
        actual: "{ deep: 1 }",
        message: '"mode" must be "fast" | { depth: number }, but it is { deep: 1 }.',
      },
    ]);
  });

  test("issues beside a union stay", () => {
    const paths = validate({ ...good, cities: 1, days: "x", mode: 2, extra: 3 }).map((issue) => issue.path);
    expect(paths.sort()).toEqual(["cities", "days", "extra", "mode"]);
  });

  test("the value itself", () => {
    expect(validate(null)).toMatchObject([{ path: "", problem: "mistyped", actual: "null" }]);
    expect(validate(undefined)).toMatchObject([{ path: "", problem: "mistyped", actual: "undefined" }]);
  });

  test("a rule of the schema", () => {
    expect(
      compileValidator({ type: "array", items: { type: "string", pattern: "^a" }, minItems: 1 })(["b"]),
    ).toMatchObject([
      { path: "[0]", problem: "invalid", expected: "string", message: '"[0]" must match pattern "^a", but it is "b".' },
    ]);
  });
});

test("a rendering has at most 60 characters", () => {
  expect(validate({ ...good, days: "x".repeat(500) })[0]?.actual).toHaveLength(60);
});

test("inherited properties do not count, and __proto__ is a property like any other", () => {
  expect(validate(Object.create(good))).toMatchObject([{ path: "cities" }, { path: "note" }]);
  const forged: unknown = JSON.parse('{"cities":[],"note":"","__proto__":{"days":3}}');
  expect(validate(forged)).toMatchObject([{ path: "__proto__", problem: "unknown" }]);
  const named = compileValidator({
    type: "object",
    properties: JSON.parse('{"__proto__":{"type":"string"}}') as Record<string, JsonSchema>,
    required: ["__proto__", "constructor"],
  });
  expect(named({}).map((issue) => issue.path)).toEqual(["__proto__", "constructor"]);
});

test("undefined is judged inside unions too", () => {
  const either = compileValidator({
    anyOf: [
      {
        type: "object",
        properties: { x: { anyOf: [{ type: "number" }, { "x-millrace-kind": "undefined" }] } },
        required: ["x"],
      },
      { type: "null" },
    ],
  });
  expect(either({ x: undefined })).toEqual([]);
  expect(either({})).toHaveLength(1);
});

test("nothing is coerced", () => {
  const number = compileValidator({ type: "number" });
  expect(number("3")).toHaveLength(1);
  expect(number(Number.NaN)).toEqual([]);
  expect(compileValidator({ type: "boolean" })("true")).toHaveLength(1);
});

describe("kinds", () => {
  class Point {}
  registerValueClass("validate.point", Point);
  test.each<readonly [string, unknown, unknown]>([
    ["Date", new Date(), "2020-01-01"],
    ["Map", new Map(), {}],
    ["bigint", 1n, 1],
    ["undefined", undefined, null],
    ["Buffer", Buffer.from("a"), new Uint8Array(1)],
    ["Uint8Array", new Uint8Array(1), Buffer.from("a")],
    ["Error", new TypeError("a"), { message: "a" }],
    ["URL", new URL("http://a.b"), "http://a.b"],
    ["value:validate.point", new Point(), {}],
    ["NoSuchKind", undefined, 1],
  ])("%s", (kind, fits, fitsNot) => {
    const check = compileValidator({ "x-millrace-kind": kind });
    expect(check(fits)).toHaveLength(kind === "NoSuchKind" ? 1 : 0);
    expect(check(fitsNot)).toMatchObject([{ path: "", problem: "mistyped" }]);
  });
});
