/** Which edits invalidate which tasks and flows: each edit is applied and compiled, and the set has to be exact. */
import type { Manifest } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";

type Edit = readonly [name: string, file: string, from: string, to: string, invalidated: readonly string[]];

const H = "src/helpers.ts";
const T = "src/tasks.ts";
const S = "src/shapes.ts";
const B = "src/base.ts";
const F = "src/flow.ts";
/** Flows that call Price, and those that call these. */
const PRICED = ["Inner", "Outer", "Price"];
/** Whatever loads `tasks.ts` loads the registry. */
const LOADING_REGISTRY = [
  "Area",
  "Configured",
  "Describe",
  "Inner",
  "Label",
  "Left",
  "Outer",
  "Price",
  "Registered",
  "Right",
  "Shout",
  "Size",
  "Total",
  "TwinA",
  "TwinB",
  "Weekday",
  "Whisper",
];

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: sources as text
const EDITS: readonly Edit[] = [
  ["a helper", H, "raised * RATE", "raised / RATE", PRICED],
  ["a helper two calls away", H, "deepest(amount) + 1", "deepest(amount) + 2", PRICED],
  ["a helper three calls away", H, "amount + OFFSET", "amount - OFFSET", PRICED],
  ["a constant", H, "RATE = 2", "RATE = 3", PRICED],
  ["a constant four references away", H, "OFFSET = 10", "OFFSET = 11", PRICED],
  ["a default of a field", T, "times = 1", "times = 2", PRICED],
  ["a default of a helper's parameter", H, "start = 0", "start = 1", ["Outer", "Total"]],
  ["a method of a class inside a helper", H, "return 41", "return 42", ["Outer", "Total"]],
  ["the value of an enum member", H, "High = 5", "High = 6", ["Describe"]],
  ["an enum member that nobody names", H, "Low = 1", "Low = 0", ["Describe"]],
  ["JSON by content", "src/settings.json", "production", "test", ["Configured"]],
  ["a table of constants", H, 'first: "one"', 'first: "1"', ["Label"]],
  ["a static method", S, '"other"', '"another"', ["Label"]],
  ["a getter", S, "return 1;", "return 2;", ["Size"]],
  ["a static field", S, "limit = 7", "limit = 8", ["Size"]],
  ["an implementation that is used", S, "this.side * this.side", "this.side ** 2", ["Area"]],
  ["an implementation that nobody makes here", S, "return 3;", "return 3.14;", ["Area"]],
  ["an implementation by an object", S, "area: () => 0", "area: () => 0.1", ["Area"]],
  ["a field that an implementation reads", S, "side = 2", "side = 3", ["Area"]],
  ["a method of the same name that fits no interface", S, "return text;", "return text + text;", []],
  ["a method of a used class that nobody calls", S, "return 4;", "return 5;", []],
  ["an abstract method, one side", T, '"left"', '"LEFT"', ["Left"]],
  ["an abstract method, other side", T, 'return "right";', 'return "RIGHT";', ["Right"]],
  ["an override", T, '"right tail"', '"new tail"', ["Right"]],
  ["a method that one subclass overrides", B, '"base tail"', '"other tail"', ["Left"]],
  ["an inherited method", B, 'return "common"', 'return "Common"', ["Left", "Right"]],
  ["an inherited run", B, "${this.head()} ", "${this.head()}-", ["Left", "Right"]],
  ["an inherited method that nobody calls", B, '"unused"', '"still unused"', []],
  ["a callback", H, "text.toUpperCase()", 'text.toUpperCase() + "!"', ["Shout"]],
  ["what calls the callback", H, "change(item)", "change(item.trim())", ["Shout"]],
  ["a function that a definition calls", H, "text.toLowerCase()", 'text.toLowerCase() + "."', ["Outer", "Whisper"]],
  ["a definition's run", F, "=> whisper(text)", "=> whisper(text + text)", ["Outer", "Whisper"]],
  ["a definition's options", F, 'timeout: "1s"', 'timeout: "2s"', []],
  ["the number of attempts", T, "attempts: 2", "attempts: 3", []],
  ["a timeout", T, 'timeout: "5s"', 'timeout: "6s"', []],
  ["a hook", T, '"no price"', '"no price at all"', PRICED],
  ["a method of the task that nobody calls", T, "return 1;", "return 2;", []],
  ["a package by integrity", "package-lock.json", "sha512-sums", "sha512-new", ["Outer", "Total"]],
  ["another package", "package-lock.json", "sha512-dates", "sha512-new", ["Weekday"]],
  [
    "a package by version",
    "package-lock.json",
    '"version": "1.0.0", "integrity": "sha512-dates"',
    '"version": "1.0.1", "integrity": "sha512-dates"',
    ["Weekday"],
  ],
  [
    "one of two equal bodies",
    T,
    'TwinA extends Task<string> {\n  run(): string {\n    return "twin"',
    'TwinA extends Task<string> {\n  run(): string {\n    return "other"',
    ["TwinA"],
  ],
  ["a flow's body", F, "numbers: [inner]", "numbers: [inner, inner]", ["Outer"]],
  ["a sub-flow's body", F, "amount: this.amount", "amount: this.amount + 1", ["Inner", "Outer"]],
  ["the type of a parameter", T, "amount!: number", "amount!: number | null", PRICED],
  [
    "the type of a result",
    T,
    "run(): string {\n    return describe",
    "run(): string | null {\n    return describe",
    ["Describe"],
  ],
  [
    "a parameter that is new",
    T,
    "@param() level!: number;",
    "@param() level!: number;\n  @param() extra?: string;",
    ["Describe"],
  ],
  ["what a module does when it is loaded", "src/registry.ts", 'set("a", 1)', 'set("a", 2)', LOADING_REGISTRY],
  ["nothing: a comment", H, "const raised", "// raised\n  const raised", []],
  ["nothing: a doc comment of a task", T, "/** Nobody calls it. */", "/** Still nobody calls it. */", []],
  ["nothing: layout", H, "  return raised * RATE;", "  return (\n    raised\n      * RATE\n  )", []],
  [
    "nothing: a local's name",
    H,
    "const raised = raise(amount);\n  return raised * RATE",
    "const more = raise(amount);\n  return more * RATE",
    [],
  ],
  [
    "nothing: a parameter's name",
    H,
    "deepest(amount: number): number {\n  return amount +",
    "deepest(money: number): number {\n  return money +",
    [],
  ],
  ["nothing: a local's type", H, "const raised =", "const raised: number =", []],
  ["nothing: a cast", H, "raised * RATE", "(raised as number) * RATE", []],
  ["nothing: an interface", S, "area(): number;", "area(): number;\n  name?: string;", []],
  ["nothing: another function", H, '"nobody calls this"', '"really nobody"', []],
  [
    "nothing: one more function",
    H,
    "export function unrelated",
    "export const added = (): number => 1;\n\nexport function unrelated",
    [],
  ],
  ["nothing: an import's alias", T, "shout as loud", "shout as noisy", []],
  ["nothing: layout of JSON", "src/settings.json", '{ "name"', '{\n  "name"', []],
  ["nothing: access of a member", T, "  spare()", "  protected spare()", []],
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: sources as text

let project: TestProject;
let before: Manifest;

beforeAll(async () => {
  project = await fixtureProject("fingerprints");
  const { manifest, diagnostics } = await project.check();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  before = manifest as Manifest;
});

afterAll(async () => project?.[Symbol.asyncDispose]());

test.each(EDITS)("%s", async (name, file, from, to, invalidated) => {
  const text = project.read(file);
  expect(text.split(from).length, `${from} stands in ${file}`).toBeGreaterThan(1);
  let edited = text.replace(from, () => to);
  if (name === "nothing: an import's alias") edited = edited.replace("this.items, loud", "this.items, noisy");
  project.write(file, edited);
  try {
    const { manifest, diagnostics } = await project.check();
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(changed(before, manifest as Manifest)).toEqual([...invalidated].sort());
  } finally {
    project.write(file, text);
  }
});

test("equal bodies of two tasks do not collide", () => {
  expect(before.tasks.TwinA?.fingerprint.hash).not.toBe(before.tasks.TwinB?.fingerprint.hash);
});

test("a record names what counts, with its place", () => {
  const { symbols, calls, opaque } = before.tasks.Price?.fingerprint ?? {};
  expect(symbols).toContain("src/helpers.ts#OFFSET");
  expect(before.symbols?.["src/helpers.ts#OFFSET"]?.line).toBe(7);
  expect([calls, opaque]).toEqual([[], []]);
  expect(before.flows.Outer?.fingerprint.calls).toEqual(["Inner", "Total", "Whisper"]);
});

function changed(a: Manifest, b: Manifest): readonly string[] {
  const [old, now] = [hashes(a), hashes(b)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((id) => old.get(id) !== now.get(id)).sort();
}

function hashes({ tasks, flows }: Manifest): ReadonlyMap<string, string> {
  return new Map(Object.entries({ ...tasks, ...flows }).map(([id, { fingerprint }]) => [id, fingerprint.hash]));
}
