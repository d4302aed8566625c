/** Bytes are not trusted: whatever they are, decoding ends with a value or with `value-unreadable`, and nothing else happens. */
import { decodeError, decodeValue, encodeError, encodeValue, isMillraceError } from "@millrace/core";
import fc from "fast-check";
import { addExtension, Packr, pack } from "msgpackr";
import { describe, expect, test } from "vitest";
import { anyValue } from "./arbitrary-values.js";

const HEADER = [1, 1];

/** Decodes; a failure must be `value-unreadable`. */
function decodeHostile(bytes: Uint8Array): "value" | "refused" {
  try {
    decodeValue(bytes);
    return "value";
  } catch (error) {
    if (!isMillraceError(error) || error.code !== "value-unreadable") throw error;
    return "refused";
  }
}

function expectCleanPrototypes(): void {
  for (const prototype of [Object.prototype, Array.prototype, Function.prototype, Error.prototype]) {
    expect(Object.keys(prototype)).toEqual([]);
  }
  expect(Reflect.ownKeys(Object.prototype).length).toBe(PROTOTYPE_KEYS);
}
const PROTOTYPE_KEYS = Reflect.ownKeys(Object.prototype).length;

test("10,000 random and mutated buffers", () => {
  const mutated = fc
    .tuple(
      anyValue.map((value) => encodeValue(value)),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
      fc.constantFrom("replace", "insert", "cut", "double"),
    )
    .map(([bytes, edits, how]) => {
      const list = [...bytes];
      for (const [at, byte] of edits) {
        const index = 2 + (at % Math.max(1, list.length - 2));
        if (how === "replace") list[index] = byte;
        else if (how === "insert") list.splice(index, 0, byte);
        else if (how === "cut") list.splice(index, byte);
        else list.splice(index, 0, ...list.slice(index, index + byte));
      }
      return Uint8Array.from(list);
    });
  const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from([...HEADER, ...bytes]));
  const tagged = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.array(fc.integer({ min: 0x80, max: 0xdf }), { maxLength: 30 }))
    .map(([tag, bytes]) => Uint8Array.from([...HEADER, 0x94, 0xc1, tag, ...bytes]));
  const seen = { value: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(mutated, mutated, random, tagged), (bytes) => {
      const before = Uint8Array.from(bytes);
      seen[decodeHostile(bytes)] += 1;
      expect(bytes).toEqual(before);
      decodeError(bytes);
    }),
    { seed: 99, numRuns: 10_000 },
  );
  expectCleanPrototypes();
  expect(seen.value).toBeGreaterThan(500);
  expect(seen.refused).toBeGreaterThan(500);
});

describe("refused with a reason", () => {
  const nested = (levels: number): number[] => [...Array.from({ length: levels }, () => 0x91), 0xc0];
  const cases: Record<string, readonly [number[], RegExp]> = {
    "no bytes": [[], /0 bytes/],
    "a header without payload": [[1, 1], /2 bytes/],
    "a newer envelope": [[2, 1, 0xc0], /newer Millrace/],
    "no envelope": [[0, 1, 0xc0], /no version/],
    "an unknown codec": [[1, 9, 0xc0], /codec 9/],
    "cut short": [[1, 1, 0x92, 0xc0], /too early/],
    "more after the end": [[1, 1, 0xc0, 0xc0], /more follows/],
    "a length beyond the end": [[1, 1, 0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0], /too early/],
    "a map with a number as key": [[1, 1, 0x81, 0x01, 0x01], /key/],
    "text that is no UTF-8": [[1, 1, 0xa2, 0xff, 0xfe], /UTF-8/],
    "an extension": [[1, 1, 0xd4, 0x00, 0x00], /0xd4/],
    "a record definition": [[1, 1, 0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 0x01], /0xd4/],
    "an unknown kind": [[1, 1, 0x92, 0xc1, 0x7f], /kind 127/],
    "a kind without number": [[1, 1, 0x91, 0xc1], /kind undefined/],
    "a marker alone": [[1, 1, 0xc1], /order/],
    "bytes without kind": [[1, 1, 0xc4, 0x01, 0x00], /order/],
    "bytes inside a Set": [[1, 1, 0x93, 0xc1, 10, 0xc4, 0x01, 0x00], /order/],
    "an unknown class of errors": [[1, 1, 0x95, 0xc1, 13, 0xa3, 0x46, 0x6f, 0x6f, 0xa0, 0x00], /"Foo" is no class/],
    "a value class that is not registered": [[1, 1, 0x94, 0xc1, 16, 0xa2, 0x7a, 0x7a, 0x80], /under the id "zz"/],
    "a pattern that is none": [[1, 1, 0x95, 0xc1, 11, 0xa1, 0x28, 0xa0, 0x00], /no valid value/],
    "nested 100,000 deep": [[1, 1, ...nested(100_000)], /deeper/],
  };
  test.each(Object.entries(cases))("%s", (_, [bytes, reason]) => {
    let thrown: unknown;
    try {
      decodeValue(Uint8Array.from(bytes));
    } catch (error) {
      thrown = error;
    }
    if (!isMillraceError(thrown)) throw thrown;
    expect(thrown.code).toBe("value-unreadable");
    expect(thrown.message).toMatch(reason);
    expect(thrown.hint).toBeTruthy();
  });
});

test("a stored __proto__ is an own key and sets no prototype", () => {
  const value = decodeValue(encodeValue(JSON.parse('{"__proto__":{"polluted":true}}'))) as object;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.keys(value)).toEqual(["__proto__"]);
  const payload = new Packr({ useRecords: false }).pack({ a: 1 });
  const forged = Buffer.from(payload.toString("latin1").replace("\xa1a", "\xa9__proto__"), "latin1");
  const result = decodeValue(Uint8Array.from([...HEADER, ...forged])) as object;
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  expectCleanPrototypes();
});

test("extensions that user code registers with msgpackr take no part", () => {
  let ran = 0;
  class Custom {}
  addExtension({ Class: Custom, type: 1, pack: () => Buffer.from([7]), unpack: () => (ran += 1) });
  expect(decodeHostile(Uint8Array.from([...HEADER, ...pack(new Custom())]))).toBe("refused");
  expect(() => encodeValue(new Custom())).toThrow(/Custom/);
  expect(ran).toBe(0);
});

test("decodeError gives an Error for whatever bytes", () => {
  expect(decodeError(Uint8Array.from([7, 7, 7]))).toMatchObject({ code: "value-unreadable" });
  expect(decodeError(encodeValue({ not: "an error" }))).toMatchObject({ thrown: { not: "an error" } });
  expect(decodeError(encodeError("text"))).toMatchObject({ thrown: "text" });
});
