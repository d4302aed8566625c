/** Values with large buffers in them are written into shared memory: as exact as others, and nobody else's. */
import { decodeValue, encodeValue, hashOf } from "@millrace/core";
import { Secret } from "@millrace/sdk";
import { describe, expect, it } from "vitest";
import { difference } from "./same-value.js";

const LARGE = 400_000;
const bytes = (fill = 7): Uint8Array => new Uint8Array(LARGE).fill(fill);

describe("a value with large buffers", () => {
  it.each<[string, () => unknown]>([
    ["a typed array", () => bytes()],
    ["a part of a larger buffer", () => bytes().subarray(100, LARGE - 100)],
    ["an ArrayBuffer", () => bytes().buffer],
    ["a Buffer", () => Buffer.from(bytes())],
    ["one buffer twice", () => [bytes(1), bytes(1)].map((each) => ({ each, again: each }))],
    ["many small ones", () => Array.from({ length: 1_000 }, (_, i) => new Uint8Array(400).fill(i))],
    ["more text than buffers", () => ({ bytes: bytes(), text: "ä".repeat(3 * LARGE) })],
    [
      "one among other kinds",
      () =>
        new Map<unknown, unknown>([
          ["a", bytes()],
          [1n, new Date(5)],
          ["n", { x: -0 }],
        ]),
    ],
  ])("comes back the same: %s", (_, make) => {
    const encoded = encodeValue(make());
    expect(difference(decodeValue(encoded), make())).toBeUndefined();
    expect(hashOf(encodeValue(make()))).toBe(hashOf(encoded));
  });

  it("lies in memory that threads share", () => {
    expect(encodeValue({ bytes: bytes() }).buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(encodeValue({ bytes: new Uint8Array(1_000) }).buffer).toBeInstanceOf(ArrayBuffer);
  });

  it("is nobody else's: neither what was encoded, nor what is encoded or decoded later, changes it", () => {
    const source = bytes(1);
    const encoded = encodeValue(source);
    const hash = hashOf(encoded);
    source.fill(2);
    for (let i = 0; i < 100; i++) encodeValue({ i, text: "x".repeat(i * 100) });
    encodeValue(bytes(3));
    const decoded = decodeValue(encoded) as Uint8Array;
    decoded.fill(4);
    expect(decoded.buffer).toBeInstanceOf(ArrayBuffer);
    expect(hashOf(encoded)).toBe(hash);
    expect(decodeValue(encoded)).toEqual(bytes(1));
  });

  it("takes no large buffer for the values after it", () => {
    encodeValue(bytes());
    const small = encodeValue({ a: 1 });
    expect(small.buffer).toBeInstanceOf(ArrayBuffer);
    expect(small.buffer.byteLength).toBe(small.byteLength);
  });

  it("is refused by its path where a part cannot be sent, and the next one is encoded", () => {
    const { port1 } = new MessageChannel();
    const moved = bytes();
    structuredClone(moved, { transfer: [moved.buffer] });
    expect(() => encodeValue({ bytes: bytes(), moved }, "result")).toThrow(/result\.moved .*has been transferred away/);
    expect(() => encodeValue({ bytes: bytes(), shared: new Uint8Array(new SharedArrayBuffer(8)) }, "result")).toThrow(
      /result\.shared .*shares its memory/,
    );
    expect(() => encodeValue({ bytes: bytes(), port1 }, "result")).toThrow(/result\.port1/);
    port1.close();
    expect(decodeValue(encodeValue(bytes(9)))).toEqual(bytes(9));
  });

  it("keeps secrets to itself", async () => {
    process.env.MILLRACE_TEST_SECRET = "correct horse battery staple";
    const revealed = await Secret.env("MILLRACE_TEST_SECRET").reveal();
    const content = Buffer.alloc(LARGE, `${revealed}, `);
    expect(Buffer.from(encodeValue({ content }) as Uint8Array).includes(revealed)).toBe(false);
    delete process.env.MILLRACE_TEST_SECRET;
  });
});
