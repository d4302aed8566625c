/** Values survive the way through a real worker thread exactly, or are refused: property tests over every kind. */
import { canonicalHash, decodeValue, encodeValue, JSON_KINDS, KINDS } from "@millrace/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anyValue, kinds } from "./arbitrary-values.js";
import { EchoThread } from "./echo-thread.js";
import { difference } from "./same-value.js";

const SEED = 20_260_801;

let thread: EchoThread;

beforeAll(() => {
  thread = new EchoThread();
});

afterAll(() => thread.close());

async function expectSurvival(value: unknown): Promise<void> {
  await thread.expectSurvival(value);
}

const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 8 }), fc.constant(undefined));
const byKind = kinds(leaf);

test("the comparison of these tests tells apart what a codec might confuse", () => {
  const pairs: [unknown, unknown][] = [
    [0, -0],
    [{ a: undefined }, {}],
    [[undefined], [null]],
    ["\ud800", "\ufffd"],
    [Buffer.from("a"), new Uint8Array([97])],
    [Object.create(null), {}],
    [new TypeError("a"), new Error("a")],
    [JSON.parse('{"__proto__":1}'), {}],
    [new Map([[1, 2]]), new Map([[1, 3]])],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
  ];
  for (const [a, b] of pairs) expect(difference(a, b), JSON.stringify([a, b])).toBeDefined();
});

test("every row of the table has an arbitrary", () => {
  const names = new Set([...KINDS, ...JSON_KINDS].map((kind) => kind.name));
  // A Ref stands in parameters of calls alone, and arrives as what stands behind it.
  expect([...names].filter((name) => !(name in byKind))).toEqual(["Ref"]);
});

describe("each kind survives a worker thread", () => {
  test.each(Object.keys(byKind))("%s", async (name) => {
    const arbitrary = byKind[name] as fc.Arbitrary<unknown>;
    await fc.assert(fc.asyncProperty(arbitrary, expectSurvival), { seed: SEED, numRuns: 60 });
  });
});

test("nested mixtures survive a worker thread", async () => {
  await fc.assert(fc.asyncProperty(anyValue, expectSurvival), { seed: SEED, numRuns: 1500 });
});

test("a value that is shared becomes two copies", () => {
  const shared = { n: 1 };
  const [a, b] = decodeValue(encodeValue([shared, shared])) as [object, object];
  expect(a).toEqual(b);
  expect(a).not.toBe(b);
});

test("encoding leaves the value as it was", () => {
  const value = Object.freeze({ list: Object.freeze([undefined, Object.freeze({ at: new Date(5) })]) });
  encodeValue(value);
  canonicalHash(value);
  expect(difference(value, { list: [undefined, { at: new Date(5) }] })).toBeUndefined();
});

test("bytes own their memory, so transferring one value leaves the others", () => {
  const [first, second] = [encodeValue("first"), encodeValue("second")];
  structuredClone(first, { transfer: [first.buffer as ArrayBuffer] });
  expect(first.length).toBe(0);
  expect(decodeValue(second)).toBe("second");
});

test("decoded bytes share no memory with what they were decoded from", () => {
  const bytes = encodeValue({ data: new Uint8Array([1, 2, 3]) });
  const { data } = decodeValue(bytes) as { data: Uint8Array };
  bytes.fill(0);
  expect([...data]).toEqual([1, 2, 3]);
});

test("wide and long values survive", async () => {
  const wide = Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`key ${i}`, i]));
  await expectSurvival(wide);
  await expectSurvival(Array.from({ length: 100_000 }, (_, i) => (i % 7 === 0 ? undefined : i)));
  await expectSurvival("é€😀".repeat(100_000));
  await expectSurvival(`\uFEFF${"x".repeat(100)}`);
});
