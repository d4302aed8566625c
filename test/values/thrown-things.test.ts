/** encodeError takes whatever can be thrown and never throws; decodeError always gives an Error. */
import { decodeError, encodeError, isMillraceError, MillraceError } from "@millrace/core";
import { FatalError } from "@millrace/sdk";
import { isFatal } from "@millrace/sdk/internal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyValue } from "./arbitrary-values.js";
import { difference } from "./same-value.js";

const roundTrip = (thrown: unknown): Error & Record<string, unknown> =>
  // An Error whose own fields the tests look at.
  decodeError(encodeError(thrown)) as Error & Record<string, unknown>;

test("an error that can be sent is exact", () => {
  const error = Object.assign(new RangeError("too far", { cause: new Error("inner") }), { limit: 5 });
  expect(difference(error, roundTrip(error))).toBeUndefined();
});

test("a MillraceError keeps code, hint, data, brand and class", () => {
  const back = roundTrip(new MillraceError("usage", "no", { hint: "do", data: { at: [1] } }));
  expect(back).toBeInstanceOf(MillraceError);
  expect(isMillraceError(back)).toBe(true);
  expect(back).toMatchObject({ name: "MillraceError", code: "usage", message: "no", hint: "do", data: { at: [1] } });
});

test("a FatalError stays fatal", () => {
  const back = roundTrip(new FatalError("never again"));
  expect(isFatal(back)).toBe(true);
  expect(back.name).toBe("FatalError");
});

test("an unregistered subclass comes back as its nearest built-in class, with its own name", () => {
  class ParseError extends SyntaxError {
    override name = "ParseError";
    line = 3;
  }
  const back = roundTrip(new ParseError("bad"));
  expect(back).toBeInstanceOf(SyntaxError);
  expect(back).toMatchObject({ name: "ParseError", message: "bad", line: 3 });
});

test("an abort reason stays a DOMException", () => {
  const back = roundTrip(AbortSignal.abort().reason);
  expect(back).toBeInstanceOf(DOMException);
  expect(back.name).toBe("AbortError");
  expect(back.code).toBe(20);
});

test("fields that cannot be sent become text and are listed", () => {
  const error = Object.assign(new TypeError("boom", { cause: new Error("inner") }), { n: 1, socket: { write() {} } });
  const back = roundTrip(error);
  expect(back).toMatchObject({ name: "TypeError", message: "boom", n: 1, unsendable: ["socket"] });
  expect(back.socket).toMatch(/^\[not sendable: .*write is a function/);
  expect(back.stack).toBe(error.stack);
  expect(back.cause).toMatchObject({ message: "inner" });
});

test("class and brands survive unsendable fields", () => {
  const fatal = roundTrip(Object.assign(new FatalError("no"), { socket() {} }));
  expect(isFatal(fatal)).toBe(true);
  const own = roundTrip(new MillraceError("usage", "m", { data: { f: () => 1 } }));
  expect(own).toBeInstanceOf(MillraceError);
  expect(own).toMatchObject({ code: "usage", unsendable: ["data"] });
  expect(roundTrip(Object.assign(new TypeError("t"), { f() {} }))).toBeInstanceOf(TypeError);
});

test("errors inside an error are salvaged one by one", () => {
  const error = new AggregateError([new Error("a"), Object.assign(new Error("b"), { f() {} })], "both");
  const back = roundTrip(error);
  expect(back.errors).toMatchObject([{ message: "a" }, { message: "b", unsendable: ["f"] }]);
});

test("a cause that leads back ends in text", () => {
  const [first, second] = [new Error("first"), new Error("second")];
  first.cause = second;
  second.cause = first;
  const back = roundTrip(first);
  expect(back.cause).toMatchObject({ message: "second", cause: expect.stringContaining("leads back") });
});

test("hostile things", () => {
  const trap = new Proxy(new Error("trap"), {
    get() {
      throw new Error("get");
    },
    getPrototypeOf() {
      throw new Error("getPrototypeOf");
    },
    ownKeys() {
      throw new Error("ownKeys");
    },
  });
  const getters = Object.defineProperties(new Error("getters"), {
    // First, since V8 formats the former stack, name and message included, when it is replaced.
    stack: {
      get: () => {
        throw new Error("stack");
      },
    },
    name: {
      get: () => {
        throw new Error("name");
      },
    },
    message: { get: () => ({}) },
    cause: {
      get: () => {
        throw new Error("cause");
      },
    },
  });
  const endless = new Error("0");
  let last = endless;
  for (let i = 1; i < 5_000; i++) {
    const next = new Error(String(i));
    last.cause = next;
    last = next;
  }
  const wild = {
    toString: () => {
      throw new Error("toString");
    },
    toJSON: () => {
      throw new Error("toJSON");
    },
  };
  for (const thrown of [
    trap,
    getters,
    endless,
    wild,
    Object.create(Error.prototype),
    () => 1,
    Symbol("s"),
    10n ** 30n,
  ]) {
    expect(roundTrip(thrown)).toBeInstanceOf(Error);
  }
  expect(roundTrip(endless).message).toBe("0");
});

test("a thrown value that is no error is kept in `thrown`", () => {
  expect(roundTrip(undefined)).toHaveProperty("thrown", undefined);
  expect(roundTrip({ status: 404 })).toMatchObject({
    thrown: { status: 404 },
    message: expect.stringContaining("404"),
  });
  fc.assert(
    fc.property(anyValue, (thrown) => {
      const back = roundTrip(thrown);
      expect(back).toBeInstanceOf(Error);
      expect(difference(thrown, thrown instanceof Error ? back : back.thrown)).toBeUndefined();
    }),
    { seed: 3, numRuns: 300 },
  );
});
