// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template literal types
import type { FlowEntry, JsonSchema, MillraceError } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { type ParameterInput, type ParameterIssue, readParameters } from "./read-parameters.js";

const DATE: JsonSchema = { "x-millrace-kind": "Date" };

function flowOf(params: Record<string, { schema: JsonSchema; text: string; optional?: true }>): FlowEntry {
  const entries = Object.entries(params);
  const entry = {
    id: "CityReport",
    params: entries.map(([name, { schema, text, optional }]) => ({ name, schema, text, required: !optional })),
    paramsSchema: {
      type: "object",
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
      required: entries.filter(([, p]) => !p.optional).map(([name]) => name),
      additionalProperties: false,
      $defs: { City: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
    },
  };
  // Reading parameters looks at nothing else of a flow.
  return entry as unknown as FlowEntry;
}

const flow = flowOf({
  cities: { schema: { type: "array", items: { type: "string" } }, text: "string[]" },
  days: { schema: { type: "number" }, text: "number", optional: true },
  dryRun: { schema: { type: "boolean" }, text: "boolean", optional: true },
  since: { schema: DATE, text: "Date", optional: true },
  unit: { schema: { enum: ["c", "f"] }, text: '"c" | "f"', optional: true },
  home: { schema: { $ref: "#/$defs/City" }, text: "City", optional: true },
  zip: { schema: { anyOf: [{ type: "string" }, { type: "number" }] }, text: "string | number", optional: true },
  counts: { schema: { type: "array", items: { type: "integer" } }, text: "number[]", optional: true },
  big: { schema: { "x-millrace-kind": "bigint" }, text: "bigint", optional: true },
  limit: {
    schema: { anyOf: [{ type: "number" }, { "x-millrace-kind": "undefined" }] },
    text: "number | undefined",
    optional: true,
  },
  people: { schema: { type: "integer", minimum: 1 }, text: "number", optional: true },
  tag: { schema: { type: "string", pattern: "^v\\d$", title: "`v${number}`" }, text: "`v${number}`", optional: true },
  marks: { schema: { type: "object", patternProperties: { "^x-": DATE } }, text: "Marks", optional: true },
  id: { schema: { type: "string" }, text: "string", optional: true },
});

function read(tokens: string[], more: Partial<ParameterInput> = {}): Record<string, unknown> {
  return readParameters(flow, { tokens, assignments: [], taken: new Set(["id", "json"]), ...more });
}

function refuse(
  tokens: string[],
  more: Partial<ParameterInput> = {},
): { code: string; lines: string[]; issues: ParameterIssue[] } {
  try {
    read(tokens, more);
  } catch (error) {
    const { code, message, data } = error as MillraceError;
    return {
      code,
      lines: message
        .split("\n")
        .slice(1)
        .map((l) => l.trim()),
      issues: data.issues as ParameterIssue[],
    };
  }
  throw new Error("it was accepted");
}

describe("values", () => {
  test("repeated flags make a list, one alone a list of one", () => {
    expect(read(["--cities", "Oslo", "--cities=Bergen"])).toEqual({ cities: ["Oslo", "Bergen"] });
    expect(read(["--cities", "Oslo"])).toEqual({ cities: ["Oslo"] });
  });

  test("a list may be JSON, and so empty; text that only looks like it is an item", () => {
    expect(read(["--cities", "[]"])).toEqual({ cities: [] });
    expect(read(["--cities", '["a","b"]'])).toEqual({ cities: ["a", "b"] });
    expect(read(["--cities", "[draft"])).toEqual({ cities: ["[draft"] });
  });

  test.each([
    [["--days", "3"], { days: 3 }],
    [["--days", "-3.5e2"], { days: -350 }],
    [["--days=0"], { days: 0 }],
    [["--dryRun"], { dryRun: true }],
    [["--dry-run"], { dryRun: true }],
    [["--no-dryRun"], { dryRun: false }],
    [["--no-dry-run"], { dryRun: false }],
    [["--dryRun=false"], { dryRun: false }],
    [["--dryRun", "true"], { dryRun: true }],
    [["--unit", "c"], { unit: "c" }],
    [["--since", "2026-01-02"], { since: new Date("2026-01-02") }],
    [["--home", '{"name":"Oslo"}'], { home: { name: "Oslo" } }],
    [["--zip", "123"], { zip: 123 }],
    [["--zip", "0123"], { zip: "0123" }],
    [["--counts", "1", "--counts", "2"], { counts: [1, 2] }],
    [["--big", "12345678901234567890"], { big: 12345678901234567890n }],
    [["--limit", "4"], { limit: 4 }],
  ])("%j", (tokens, expected) => {
    expect(read(["--cities=x", ...tokens])).toEqual({ cities: ["x"], ...expected });
  });

  test("a value may begin with a dash if it is joined", () => {
    expect(read(["--cities=--x"])).toEqual({ cities: ["--x"] });
  });

  test("what an option of the command shadows is given with --param", () => {
    expect(read(["--cities=x"], { assignments: ["id=a=b"] })).toEqual({ cities: ["x"], id: "a=b" });
  });

  test("a file lies below the flags, and its kinds are revived", () => {
    const file = { name: "p.json", content: { cities: ["a"], days: 1, since: "2026-01-02" } };
    expect(read(["--days", "2"], { file })).toEqual({ cities: ["a"], days: 2, since: new Date("2026-01-02") });
  });
});

test("members found by the pattern of their names are revived", () => {
  expect(read(["--cities=x", "--tag=v1", "--people=2", '--marks={"x-a":"2026-01-02","y":1}'])).toEqual({
    cities: ["x"],
    tag: "v1",
    people: 2,
    marks: { "x-a": new Date("2026-01-02"), y: 1 },
  });
});

describe("refusals", () => {
  test("everything that is wrong is told at once, with the type and the value", () => {
    const { code, lines } = refuse(["--days", "three", "--unit", "k", "--citties", "Oslo", "stray"]);
    expect(code).toBe("invalid-parameters");
    expect(lines).toEqual([
      "--citties is no parameter of this flow; did you mean --cities?",
      '"stray" belongs to no flag',
      '--days: expected number, got "three"',
      '--unit: expected "c" | "f", got "k"',
      "--cities is required: string[]",
    ]);
  });

  test("rules of doc tags and template literals are told with the rest", () => {
    expect(refuse(["--cities=x", "--people", "0", "--tag", "3"]).lines).toEqual([
      '"people" must be >= 1, but it is 0.',
      '"tag" must be `v${number}`, but it is "3".',
    ]);
  });

  test("only unknown names: unknown-flag", () => {
    expect(refuse(["--cities=x", "--dayz", "3"])).toMatchObject({ code: "unknown-flag", issues: [{ path: "dayz" }] });
  });

  test("a near option of the command is suggested too", () => {
    expect(refuse(["--cities=x", "--jsn"]).lines[0]).toMatch(/did you mean --json\?/);
  });

  test.each([
    [["--cities"], "--cities needs a value: string[]"],
    [["--cities=x", "--days", "--dryRun"], "--days needs a value: number"],
    [["--cities=x", "--days=1", "--days=2"], "--days is given 2 times, and takes one value"],
    [["--cities=x", "--counts=1", "--counts=b"], '--counts: expected number, got "b"'],
    [["--cities=x", "--days="], '--days: expected number, got ""'],
    [["--cities=x", "--dryRun=maybe"], '--dryRun: expected boolean, got "maybe"'],
    [["--cities=x", "--since", "never"], '--since: expected Date, got "never"'],
    [["--cities=x", "--home", "Oslo"], '--home: expected City, got "Oslo", which is no JSON'],
    [["--cities=x", "-q"], "-q is no parameter of this flow"],
    [["--cities=x", "--no-days"], "--no-days is no parameter of this flow"],
  ])("%j", (tokens, line) => {
    expect(refuse(tokens).lines).toEqual([line]);
  });

  test("members of objects are named by their path", () => {
    const { issues } = refuse(["--cities=x"], { file: { name: "p.json", content: { home: { name: 3 } } } });
    expect(issues).toMatchObject([{ path: "home.name", problem: "mistyped" }]);
    expect(refuse(["--cities=x"], { file: { name: "p.json", content: { home: {} } } }).issues).toMatchObject([
      { path: "home.name", problem: "missing" },
    ]);
  });

  test("faults of a file and of flags are told together, each once", () => {
    const { lines } = refuse(["--unit", "k"], { file: { name: "p.json", content: { days: "3", home: { name: 3 } } } });
    expect(lines).toEqual([
      '--unit: expected "c" | "f", got "k"',
      "--cities is required: string[]",
      '"days" must be number, but it is "3".',
      '"home.name" must be string, but it is 3.',
    ]);
  });

  test("a file must hold one object with known names", () => {
    expect(refuse(["--cities=x"], { file: { name: "p.json", content: [1] } }).lines[0]).toMatch(/^p\.json must hold/);
    expect(refuse(["--cities=x"], { file: { name: "p.json", content: { dayz: 1 } } }).lines[0]).toMatch(
      /^dayz \(in p\.json\) is no parameter of this flow; did you mean --days\?/,
    );
  });

  test("--param needs name=value, and a known name", () => {
    expect(refuse(["--cities=x"], { assignments: ["x"] }).lines[0]).toMatch(/must have the form name=value/);
    expect(refuse(["--cities=x"], { assignments: ["di=x"] }).lines[0]).toMatch(/^--param di is no parameter/);
  });

  test("names of Object.prototype are no parameters", () => {
    expect(refuse(["--cities=x", "--constructor", "1", "--toString=2"]).issues.map((i) => i.path)).toEqual([
      "constructor",
      "toString",
    ]);
  });
});
