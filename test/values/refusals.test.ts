/** What cannot be sent is refused with its exact path, alike by the encoder and the canonical hash. */
import { canonicalHash, encodeValue, isMillraceError, MAX_DEPTH, registerValueClass } from "@millrace/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyValue } from "./arbitrary-values.js";

class Unregistered {
  n = 1;
}
class Celsius extends Number {}
class Dates extends Date {}
class Dictionary extends Map<string, number> {}
class List extends Array<number> {}
class Registered extends Map<string, number> {}
registerValueClass("test.refused-map", Registered);

function nest(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = { a: value };
  return value;
}

function cycle(): unknown {
  const root = { list: [1, {} as { back?: unknown }] };
  (root.list[1] as { back?: unknown }).back = root;
  return root;
}

function transferred(): ArrayBuffer {
  const buffer = new ArrayBuffer(4);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function withHole(): unknown[] {
  const list = [1, 2, 3];
  delete list[1];
  return list;
}

/** Name, value, path, words of the message, words of the remedy. */
const REFUSALS: readonly (readonly [string, () => unknown, string, RegExp, RegExp])[] = [
  ["function", () => ({ items: [0, 1, 2, { callback() {} }] }), "result.items[3].callback", /function/, /data/],
  ["class", () => [Unregistered], "result[0]", /class/, /data/],
  ["symbol", () => ({ a: Symbol("s") }), "result.a", /symbol/, /string/],
  ["symbol key", () => ({ a: { [Symbol("s")]: 1 } }), "result.a[Symbol(s)]", /symbol/, /string/],
  ["promise", () => ({ "odd key": Promise.resolve() }), 'result["odd key"]', /promise/, /Await/],
  ["WeakMap", () => [[new WeakMap()]], "result[0][0]", /WeakMap/, /Map/],
  ["WeakSet", () => new Set([new WeakSet()]), "result.values()[0]", /WeakSet/, /Set/],
  ["WeakRef", () => ({ ref: new WeakRef({}) }), "result.ref", /WeakRef/, /object itself/],
  ["cycle", cycle, "result.list[1].back", /cycle \(it leads back to result\)/, /id/],
  ["cycle through a Map", () => ((m) => m.set("self", m))(new Map()), 'result.get("self")', /cycle/, /id/],
  ["hole", withHole, "result[1]", /hole/, /undefined or null/],
  ["hole in a long list", () => Object.assign(new Array(200), [1]), "result[1]", /hole/, /undefined or null/],
  [
    "property on an array",
    () => Object.assign([1, 2], { total: 3 }),
    "result.total",
    /added/,
    /object that holds both/,
  ],
  [
    "property on a long array",
    () =>
      Object.assign(
        Array.from({ length: 200 }, () => 0),
        { total: 3 },
      ),
    "result.total",
    /added/,
    /object that holds both/,
  ],
  ["symbol on an array", () => Object.assign([1], { [Symbol("s")]: 1 }), "result[Symbol(s)]", /symbol/, /string/],
  [
    "property on a Date",
    () => ({ at: Object.assign(new Date(0), { zone: "UTC" }) }),
    "result.at.zone",
    /added/,
    /beside/,
  ],
  ["property on a Map", () => Object.assign(new Map(), { extra: 1 }), "result.extra", /added/, /beside/],
  ["property on a typed array", () => Object.assign(new Uint8Array(2), { extra: 1 }), "result", /added/, /beside/],
  [
    "getter",
    () => ({
      a: {
        get b() {
          throw new Error("must not run");
        },
      },
    }),
    "result.a.b",
    /accessor/,
    /plain field/,
  ],
  [
    "hidden property",
    () => Object.defineProperty({}, "h", { value: 1 }),
    "result.h",
    /not enumerable/,
    /ordinary field/,
  ],
  [
    "unregistered class",
    () => ({ x: new Unregistered() }),
    "result.x",
    /Unregistered/,
    /@value\(\{ id: "Unregistered" \}\)/,
  ],
  ["subclass of Date", () => [new Dates(0)], "result[0]", /Dates/, /@value/],
  ["subclass of Map", () => [new Dictionary()], "result[0]", /Dictionary/, /@value/],
  ["subclass of Array", () => ({ l: new List(1, 2) }), "result.l", /List/, /@value/],
  ["boxed primitive", () => ({ t: new Celsius(3) }), "result.t", /boxed primitive/, /valueOf/],
  ["SharedArrayBuffer", () => ({ m: new SharedArrayBuffer(4) }), "result.m", /SharedArrayBuffer/, /copy/],
  ["view of shared memory", () => [new Uint8Array(new SharedArrayBuffer(4))], "result[0]", /SharedArrayBuffer/, /copy/],
  ["transferred buffer", () => [transferred()], "result[0]", /transferred/, /Copy/],
  ["Proxy", () => ({ p: new Proxy({}, {}) }), "result.p", /Proxy/, /copy/],
  ["only looks like a Date", () => [Object.create(Date.prototype)], "result[0]", /Date/, /plain object/],
  ["iterator", () => [[1].values(), new Set([1]).values()].slice(1), "result[0]", /iterator/, /\[\.\.\.iterator\]/],
  [
    "field of an error",
    () => Object.assign(new Error("x"), { request: { send() {} } }),
    "result.request.send",
    /function/,
    /data/,
  ],
  ["cause of an error", () => new Error("x", { cause: { f() {} } }), "result.cause.f", /function/, /data/],
  ["error in a list", () => new AggregateError([1, () => 1]), "result.errors[1]", /function/, /data/],
  ["key of a Map", () => new Map([[{ f() {} }, 1]]), "result.keys()[0].f", /function/, /data/],
  ["value of a Map", () => new Map([[{}, { f() {} }]]), "result.values()[0].f", /function/, /data/],
  [
    "inside an odd object",
    () => JSON.parse('{"__proto__":{"a":1}}', (k, v) => (k === "a" ? () => 1 : v)),
    "result.__proto__.a",
    /function/,
    /data/,
  ],
  ["registered class that extends a built-in", () => [new Registered()], "result[0]", /extends a built-in/, /encode/],
  ["too deep", () => nest(MAX_DEPTH + 1), `result${".a".repeat(MAX_DEPTH)}`, /nested deeper/, /flat list/],
];

describe("refused with its path", () => {
  test.each(REFUSALS)("%s", (_, make, path, what, remedy) => {
    for (const take of [encodeValue, canonicalHash]) {
      const error = thrownBy(() => take(make(), "result"));
      if (!isMillraceError(error)) throw error;
      expect(error.code).toBe("value-not-sendable");
      expect(error.data.path).toBe(path);
      expect(error.message).toMatch(what);
      expect(error.hint).toMatch(remedy);
    }
  });
});

test("the deepest value that is allowed is sent", () => {
  expect(() => encodeValue(nest(MAX_DEPTH))).not.toThrow();
});

test("a deep value is refused, not overflowed", () => {
  expect(isMillraceError(thrownBy(() => encodeValue(nest(100_000))))).toBe(true);
});

test("the same object twice is no cycle", () => {
  const shared = {};
  expect(() => encodeValue([shared, { shared }])).not.toThrow();
});

test("a function anywhere in any value is refused with its path", () => {
  const place = fc.oneof(
    fc.constant(["list", 0] as const),
    fc.constant(["map", 1] as const),
    fc.constant(["error", 2] as const),
  );
  fc.assert(
    fc.property(anyValue, place, (value, [, shape]) => {
      const bad = (): void => {};
      const wrapped = [
        [value, bad],
        new Map<unknown, unknown>([
          ["a", value],
          ["b", bad],
        ]),
        new Error("x", { cause: bad }),
      ];
      const paths = ["v[1]", 'v.get("b")', "v.cause"];
      const error = thrownBy(() => encodeValue(wrapped[shape], "v"));
      expect(isMillraceError(error) && error.data.path).toBe(paths[shape]);
    }),
    { seed: 7, numRuns: 300 },
  );
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
