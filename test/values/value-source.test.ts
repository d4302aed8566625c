/** Values written as source: what they make is the value, or they are refused with their place. */
import { isMillraceError, JSON_KINDS, KINDS, Secret } from "@millrace/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valueSource } from "../../packages/cli/src/replay/value-source.js";
import { kinds } from "./arbitrary-values.js";
import { difference } from "./same-value.js";

const SEED = 20_261_128;
/** Kinds that have no source of their own. */
const REFUSED = new Set(["Error", "value", "DataView", "null-prototype"]);

const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 8 }), fc.constant(undefined));
const byKind = kinds(leaf);

function made({ text }: { readonly text: string }): unknown {
  return new Function("Secret", `return (${text});`)(Secret);
}

describe("each kind of value", () => {
  const names = [...JSON_KINDS, ...KINDS].map(({ name }) => name).filter((name) => name in byKind);
  test.each(names)("%s", (name) => {
    fc.assert(
      fc.property(byKind[name] as fc.Arbitrary<unknown>, (value) => {
        if (!REFUSED.has(name)) expect(difference(made(valueSource(value, "it")), value)).toBeUndefined();
        else expect(() => valueSource({ a: [value] }, "it")).toThrow(/^it\.a\[0\] cannot be written down: it is /);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});

test("what it takes from the package is told", () => {
  const { text, imports } = valueSource({ key: Secret.env("KEY") }, "params");
  expect([...imports]).toEqual(["Secret"]);
  expect(text).toBe('{ key: Secret.parse("env:KEY") }');
});

test("long values have a line for each part", () => {
  expect(valueSource({ a: Array(3).fill("x".repeat(30)), b: {} }, "params").text.split("\n")).toEqual([
    "{",
    "  a: [",
    ...Array(3).fill(`    "${"x".repeat(30)}",`),
    "  ],",
    "  b: {},",
    "}",
  ]);
});

test("what is refused names its place in maps, too", () => {
  const value = { m: new Map([["k", [new Error("no")]]]) };
  const refusal = (() => {
    try {
      return valueSource(value, "params");
    } catch (error) {
      return error;
    }
  })();
  expect(isMillraceError(refusal) && refusal.message).toBe(
    "params.m.values[0][0] cannot be written down: it is of the kind Error.",
  );
});
