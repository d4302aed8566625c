import { expect, test } from "vitest";
import { jsonImage } from "./json-image.js";

test("the image survives JSON unchanged, whatever the value", () => {
  const loop: Record<string, unknown> = { name: "loop" };
  loop.self = loop;
  const value = {
    when: new Date(0),
    never: new Date(Number.NaN),
    big: 12n,
    nan: Number.NaN,
    far: -Infinity,
    link: new URL("https://example.com/x"),
    map: new Map<unknown, unknown>([["a", new Set([1, 2])]]),
    bytes: new Uint8Array(3),
    gone: undefined,
    list: [undefined, null],
    loop,
    error: new TypeError("no", { cause: new Error("why") }),
  };
  const json = jsonImage(value);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(json).toEqual({
    when: "1970-01-01T00:00:00.000Z",
    never: "Invalid Date",
    big: "12",
    nan: "NaN",
    far: "-Infinity",
    link: "https://example.com/x",
    map: [["a", [1, 2]]],
    bytes: "<3 bytes>",
    list: [null, null],
    loop: { name: "loop", self: "<cycle>" },
    error: { name: "TypeError", message: "no", cause: { name: "Error", message: "why" } },
  });
});

test("a member named __proto__ stays a member", () => {
  const json = jsonImage(JSON.parse('{"__proto__":1}'));
  expect(JSON.stringify(json)).toBe('{"__proto__":1}');
});

test("a value that appears twice is no cycle", () => {
  const shared = { x: 1 };
  expect(jsonImage([shared, shared])).toEqual([{ x: 1 }, { x: 1 }]);
});
