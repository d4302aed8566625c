/** Random values of every kind, and of what the codec must refuse. Values come fresh for each use. */
import { MillraceError, Secret } from "@millrace/core";
import fc from "fast-check";
import { Money, PaymentError, Point } from "./value-classes.mjs";

/** Text of any UTF-16 units: lone surrogates, byte order marks, NUL. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc
    .array(fc.oneof(fc.constantFrom(0xd800, 0xdfff, 0xfeff, 0, 0x22), fc.integer({ min: 0, max: 0xffff })), {
      maxLength: 12,
    })
    .map((units) => String.fromCharCode(...units)),
);

const key: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "__proto__",
      "constructor",
      "toJSON",
      "hasOwnProperty",
      "valueOf",
      "then",
      "0",
      "10",
      "",
    ),
  },
);

const number: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    2 ** 31,
    2 ** 32,
    -(2 ** 31) - 1,
    2 ** 53 + 2,
    Number.MIN_VALUE,
    -1,
    127,
    128,
    -33,
  ),
);

const bytes = fc.uint8Array({ maxLength: 40 });

function fields(value: fc.Arbitrary<unknown>): fc.Arbitrary<[string, unknown][]> {
  return fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 5 });
}

function define<T extends object>(target: T, entries: readonly (readonly [string, unknown])[], enumerable = true): T {
  for (const [name, value] of entries) {
    Object.defineProperty(target, name, { value, enumerable, writable: true, configurable: true });
  }
  return target;
}

/** Arbitraries by the name of their kind; `inner` makes what a value of the kind holds. */
export function kinds(inner: fc.Arbitrary<unknown>): Record<string, fc.Arbitrary<unknown>> {
  const view = (View: new (buffer: ArrayBuffer) => unknown, size: number): fc.Arbitrary<unknown> =>
    fc.uint8Array({ maxLength: 5 }).map((seed) => {
      const padded = new Uint8Array(Math.ceil(seed.length / 8) * 8 * (size > 8 ? 2 : 1));
      padded.set(seed);
      return new View(padded.buffer);
    });
  return {
    null: fc.constant(null),
    boolean: fc.boolean(),
    number,
    string: fc.string({ maxLength: 100 }),
    array: fc.array(inner, { maxLength: 5 }),
    object: fields(inner).map((entries) => define({}, entries)),
    undefined: fc.constant(undefined),
    NaN: fc.constant(Number.NaN),
    Infinity: fc.constant(Number.POSITIVE_INFINITY),
    "-Infinity": fc.constant(Number.NEGATIVE_INFINITY),
    "-0": fc.constant(-0),
    bigint: fc.oneof(fc.bigInt(), fc.bigInt({ min: -(2n ** 600n), max: 2n ** 600n })),
    text,
    Date: fc.date({ noInvalidDate: false }),
    Map: fc.array(fc.tuple(inner, inner), { maxLength: 4 }).map((entries) => new Map(entries)),
    Set: fc.array(inner, { maxLength: 4 }).map((items) => new Set(items)),
    RegExp: fc
      .tuple(fc.constantFrom("a+", "", "[\\s\\S]", "\\/", "é"), fc.constantFrom("", "gi", "su", "y", "d"), fc.nat(9))
      .map(([source, flags, at]) => Object.assign(new RegExp(source, flags), { lastIndex: at })),
    Secret: fc
      .tuple(fc.constantFrom("env:A_KEY", "file:/run/", "provider:vault:"), fc.stringMatching(/^[a-z_]+$/))
      .map(([place, name]) => Secret.parse(place + name)),
    URL: fc.webUrl({ withQueryParameters: true, withFragments: true }).map((href) => new URL(href)),
    Error: errors(inner),
    "null-prototype": fields(inner).map((entries) => define(Object.create(null) as object, entries)),
    value: fc.oneof(
      fc.tuple(inner, inner).map(([x, y]) => new Point(x, y)),
      fc.integer().map((cents) => new Money(cents)),
    ),
    ArrayBuffer: bytes.map((data) => new Uint8Array(data).buffer),
    DataView: bytes.map((data) => new DataView(new Uint8Array([1, ...data, 2]).buffer, 1, data.length)),
    Buffer: bytes.map((data) => Buffer.from(data)),
    Uint8Array: bytes.map((data) => new Uint8Array([9, ...data, 9]).subarray(1, -1)),
    Uint8ClampedArray: view(Uint8ClampedArray, 1),
    Int8Array: view(Int8Array, 1),
    Int16Array: view(Int16Array, 2),
    Uint16Array: view(Uint16Array, 2),
    Int32Array: view(Int32Array, 4),
    Uint32Array: view(Uint32Array, 4),
    Float32Array: view(Float32Array, 4),
    Float64Array: view(Float64Array, 8),
    BigInt64Array: view(BigInt64Array, 8),
    BigUint64Array: view(BigUint64Array, 8),
  };
}

function errors(inner: fc.Arbitrary<unknown>): fc.Arbitrary<Error> {
  const own = fields(inner).map((entries) =>
    entries.filter(([name]) => !["name", "message", "stack", "cause", "errors", "__proto__"].includes(name)),
  );
  const builtIn = fc.constantFrom(Error, TypeError, RangeError, SyntaxError, URIError, EvalError, ReferenceError);
  return fc.oneof(
    fc.tuple(builtIn, text, own).map(([Class, message, entries]) => define(new Class(message), entries)),
    fc.tuple(builtIn, text, inner).map(([Class, message, cause]) => new Class(message, { cause })),
    fc.tuple(fc.array(inner, { maxLength: 3 }), text).map(([list, message]) => new AggregateError(list, message)),
    fc.tuple(text, text).map(([name, message]) => define(new Error(message), [["name", name]])),
    fc.tuple(text, inner).map(([message, account]) => new PaymentError(message, account)),
    fc
      .tuple(text, inner)
      .map(
        ([message, value]) => new MillraceError("usage", message, { hint: "Do so.", data: { value }, cause: value }),
      ),
    fc.constantFrom(0, 1).map(() => {
      const error = new Error();
      delete error.stack;
      return error;
    }),
  );
}

/** Any value, nested. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: "small", withCrossShrink: true }, ...Object.values(kinds(tie("value")))),
})).value;
