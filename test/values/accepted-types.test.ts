// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template literal types
/**
 * The promise of the static check: every value of a type that it accepts comes back from a real thread as it was, or is
 * refused with the path of what cannot be sent. Values are made from the schema that the compiler gave the type.
 */
import { encodeValue, isMillraceError, type JsonSchema, KINDS } from "@millrace/core";
import { compileValidator } from "@millrace/core/validate";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";
import { EchoThread } from "./echo-thread.js";
import { HOSTILE, placesOf } from "./spoil.js";
import { valuesOf } from "./values-of-schema.js";

const SEED = 20_261_126;

const PRELUDE = `
import { type Secret, Task, task, value } from "millrace";
@value({ id: "test.point" }) class Point { x = 1; y: unknown }
@value({ id: "test.money" }) class Money { #cents = 1; static encode() { return 1 } static decode() { return new Money() } }
interface Tree { left?: Tree; right?: Tree; value: number }
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Page<T> { items: T[]; next?: number; total: bigint | undefined }
declare const brand: unique symbol;
`;

const TYPES = [
  "string",
  "number",
  "boolean",
  "bigint",
  "null",
  "undefined",
  "unknown",
  "'a' | 1 | true",
  "`v${number}-${string}`",
  "string & { [brand]: 1 }",
  "number[]",
  "readonly (Date | null)[]",
  "[string, number?]",
  "[boolean, ...string[], number]",
  "{ name: string; at?: Date; more: { tags: Set<string> } }",
  "{ a: string | undefined }",
  "Record<string, RegExp>",
  "{ [key: `x-${string}`]: URL; id: string }",
  "{ a: 1 } & { b?: bigint }",
  "{ kind: 'circle'; radius: number } | { kind: 'square'; side: number }",
  "Partial<Page<Uint8Array>>",
  "Page<Page<string>>",
  "Tree",
  "Json",
  "Map<string, Date>",
  "Map<Date, { tags: Set<bigint> }>",
  "Set<unknown>",
  "any[]",
  "object",
  "Error",
  "AggregateError",
  "Point[]",
  "Money | Point",
  "Date",
  "RegExp",
  "URL",
  "Secret",
  "ArrayBuffer",
  "DataView",
  "Buffer",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
];

let schemas: ReadonlyMap<string, JsonSchema>;
let thread: EchoThread;

beforeAll(async () => {
  const classes = TYPES.map(
    (type, i) => `@task() export class T${i} extends Task<unknown> { run(): ${type} { throw new Error() } }\n`,
  );
  await using project = await oneModule(PRELUDE + classes.join(""));
  const { manifest, diagnostics } = await project.check();
  expect(diagnostics).toEqual([]);
  schemas = new Map(TYPES.map((type, i) => [type, manifest?.tasks[`T${i}`]?.result.schema as JsonSchema]));
  thread = new EchoThread();
});
afterAll(() => thread?.close());

test("every kind of the table is in one of the types", () => {
  const named = JSON.stringify([...schemas.values()]);
  // These have no type of their own: they are values of number, string and object. A Ref stands for any.
  const values = ["NaN", "Infinity", "-Infinity", "-0", "text", "object", "null-prototype", "value", "Ref"];
  const missing = KINDS.filter(({ name }) => !values.includes(name) && !named.includes(`"x-millrace-kind":"${name}"`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

describe.each(TYPES)("%s", (type) => {
  test("each value is accepted, and comes back as it was", async () => {
    const schema = schemas.get(type) ?? {};
    const validate = compileValidator(schema);
    const survives = async (value: unknown): Promise<void> => {
      expect(validate(value)).toEqual([]);
      expect(validate(await thread.expectSurvival(value))).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(valuesOf(schema), survives), { seed: SEED, numRuns: 60 });
  });

  test("each value with something in it that cannot be sent is refused by its path", () => {
    const schema = schemas.get(type) ?? {};
    const spoiled = fc.tuple(valuesOf(schema), fc.nat(), fc.nat(HOSTILE.length - 1));
    const refused = ([value, where, what]: [unknown, number, number]): void => {
      const places = placesOf(value, "result");
      const place = places[where % Math.max(1, places.length)];
      const [reason, make] = HOSTILE[what] as (typeof HOSTILE)[number];
      if (place) place.put(make(value));
      // A scalar takes nothing in: it is replaced.
      const spoiledValue = place ? value : make({});
      if (!place && reason === "is a cycle") return;
      expect(refusalOf(spoiledValue)).toEqual({
        path: place?.path ?? "result",
        reason: expect.stringContaining(reason),
      });
    };
    fc.assert(fc.property(spoiled, refused), { seed: SEED, numRuns: 60 });
  });
});

function refusalOf(value: unknown): unknown {
  try {
    encodeValue(value, "result");
    return "sent";
  } catch (error) {
    return isMillraceError(error) && error.code === "value-not-sendable" ? error.data : error;
  }
}
