/** One hash for equal values, different hashes for different ones. */
import { canonicalHash, decodeValue, encodeValue } from "@millrace/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyValue, kinds } from "./arbitrary-values.js";
import { difference } from "./same-value.js";

const SEED = 4_711;
const LEEWAY = { keyOrder: true, stacks: true };

test("the form is stable: stored identities stay valid", () => {
  expect(canonicalHash({ a: "x", n: 1 })).toBe("d1sWulGD8AzTTMqm_KKEBKCz9FfaNP8rvvyg7xDQguA");
  expect(canonicalHash([null, true, -0, new Date(0), new Map([["k", new Uint8Array([1])]])])).toBe(
    "pYpZzEp9uVwCt8WsUGyAiFasirqFbyQGqZy5suacxoQ",
  );
});

test("the order of keys does not count", () => {
  const shuffled = fc
    .uniqueArray(fc.tuple(fc.string({ minLength: 1 }), anyValue), { selector: ([key]) => key, maxLength: 6 })
    .chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
      ),
    );
  fc.assert(
    fc.property(shuffled, ([entries, others]) => {
      const object = (list: [string, unknown][]): object => Object.fromEntries(list);
      expect(canonicalHash(object(others))).toBe(canonicalHash(object(entries)));
      const bare = (list: [string, unknown][]): object => Object.assign(Object.create(null) as object, object(list));
      expect(canonicalHash(bare(others))).toBe(canonicalHash(bare(entries)));
    }),
    { seed: SEED, numRuns: 200 },
  );
});

test("hashes are equal exactly when values are", () => {
  // A small domain, so that equal pairs and near misses both come up.
  const tiny = fc.constantFrom<unknown>(
    0,
    -0,
    1,
    "",
    "0",
    "1",
    null,
    undefined,
    Number.NaN,
    false,
    0n,
    "\ud800",
    "\ud801",
  );
  const near = fc.oneof(
    tiny,
    ...Object.values(kinds(tiny)),
    fc.array(fc.array(tiny, { maxLength: 2 }), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("a", "b", "ab"), tiny, { maxKeys: 2 }),
  );
  let equal = 0;
  fc.assert(
    fc.property(near, near, (a, b) => {
      const same = difference(a, b, LEEWAY) === undefined;
      if (same) equal += 1;
      expect(canonicalHash(a) === canonicalHash(b)).toBe(same);
    }),
    { seed: SEED, numRuns: 20_000 },
  );
  expect(equal).toBeGreaterThan(50);
});

test("random pairs of nested values collide only when equal", () => {
  fc.assert(
    fc.property(anyValue, anyValue, (a, b) => {
      expect(canonicalHash(a) === canonicalHash(b)).toBe(difference(a, b, LEEWAY) === undefined);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

test("text that imitates the form never collides", () => {
  const forged = fc.string({ unit: fc.constantFrom("s", "1", ":", "a"), maxLength: 4 });
  const list = fc.oneof(
    fc.array(forged, { minLength: 2, maxLength: 2 }),
    fc.dictionary(forged, forged, { maxKeys: 2, noNullPrototype: true }),
  );
  fc.assert(
    fc.property(fc.array(list, { minLength: 200, maxLength: 200 }), (values) => {
      const spell = (value: string[] | Record<string, string>): string =>
        JSON.stringify(Array.isArray(value) ? { list: value } : Object.entries(value).sort());
      expect(new Set(values.map((value) => canonicalHash(value))).size).toBe(new Set(values.map(spell)).size);
    }),
    { seed: SEED, numRuns: 50 },
  );
});

test("a decoded value hashes like the value", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      expect(canonicalHash(decodeValue(encodeValue(value)))).toBe(canonicalHash(value));
    }),
    { seed: SEED, numRuns: 300 },
  );
});

describe("tells apart", () => {
  const groups: Record<string, unknown[]> = {
    "what JSON confuses": [null, undefined, Number.NaN, "null", [], {}, [null], [undefined], { a: undefined }, [[]]],
    numbers: [0, -0, 1, 1n, "1", true, [1], new Date(1), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    nesting: [["a", "b"], [["a"], "b"], ["a", ["b"]], ["ab"], ["a", "b", ""], "ab", [["a", "b"]]],
    lengths: [
      { a: "b" },
      { ab: "" },
      { "": "ab" },
      { a: { b: "" } },
      ["a", "b"],
      new Map([["a", "b"]]),
      new Set(["a", "b"]),
    ],
    order: [
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([
        [2, 2],
        [1, 1],
      ]),
      new Set([1, 2]),
      new Set([2, 1]),
      [1, 2],
      [2, 1],
    ],
    bytes: [
      new Uint8Array(8),
      new Uint8ClampedArray(8),
      new Int8Array(8),
      new Float64Array(1),
      new BigInt64Array(1),
      Buffer.alloc(8),
      new ArrayBuffer(8),
      new DataView(new ArrayBuffer(8)),
      new Uint8Array(9),
      "\0".repeat(8),
    ],
    objects: [{ a: 1 }, Object.assign(Object.create(null), { a: 1 }), new Map([["a", 1]]), [["a", 1]]],
    text: ["\ud800", "\ud801", "\ufffd", "\udc00", "\ufeff", "", "w2:", "s0:"],
    errors: [
      new Error("a"),
      new Error("b"),
      new TypeError("a"),
      new Error("a", { cause: 1 }),
      new Error("a", { cause: undefined }),
    ],
  };
  test.each(Object.entries(groups))("%s", (_, values) => {
    const hashes = values.map((value) => canonicalHash(value));
    const distinct = new Set(hashes);
    const expected = values.filter((a, i) => !values.slice(0, i).some((b) => difference(a, b, LEEWAY) === undefined));
    expect(distinct.size).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(values.length - 2);
  });
});

test("all NaN are equal, and the stack of an error does not count", () => {
  const odd = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n]).buffer)[0];
  expect(canonicalHash([odd])).toBe(canonicalHash([Number.NaN]));
  const [here, there] = [new Error("a"), new Error("a")];
  there.stack = "elsewhere";
  expect(canonicalHash(here)).toBe(canonicalHash(there));
});
