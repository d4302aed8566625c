import { expect, test } from "vitest";
import { param } from "../decorators/param.js";
import { defineTask } from "../define/define-task.js";
import type { StandardResult, StandardSchemaV1 } from "../types/standard-schema.js";
import { refineParams } from "./refine-params.js";

function schema(check: (value: string) => StandardResult<string> | Promise<StandardResult<string>>): StandardSchemaV1 {
  return { "~standard": { version: 1, vendor: "test", validate: (value) => check(value as string) } };
}
const upper = schema((text) => ({ value: text.toUpperCase() }));
const lower = schema((text) => ({ value: text.toLowerCase() }));
const later = schema(async (text) => ({ value: `${text}…` }));
const never = schema(() => ({ issues: [{ message: "never" }] }));

class Base {
  @param(upper) city = "";
  @param(upper) country = "";
}
class Derived extends Base {
  @param(lower) override city = "";
  @param() plain = "";
}
class Slow extends Base {
  @param(later) note = "";
}
class Strict extends Base {
  @param(never) a = "";
  @param(schema(async () => ({ issues: [{ message: "late", path: ["x y", 0] }] }))) b = "";
}

test("what nothing refines is the same object, at once", () => {
  const params = { plain: "A" };
  expect(refineParams(Derived, params)).toBe(params);
  expect(refineParams(class {}, params)).toBe(params);
});

test("the schema of the nearest class counts, and inherited ones hold", () => {
  expect(refineParams(Base, { city: "Oslo" })).toEqual({ city: "OSLO" });
  expect(refineParams(Derived, { city: "Oslo", country: "no", plain: "A" })).toEqual({
    city: "oslo",
    country: "NO",
    plain: "A",
  });
});

test("what is given stays as it was", () => {
  const given = Object.freeze({ city: "Oslo" });
  refineParams(Base, given);
  expect(given).toEqual({ city: "Oslo" });
});

test("one schema that takes its time makes a promise of all", async () => {
  const refined = refineParams(Slow, { city: "Oslo", note: "a" });
  expect(refined).toBeInstanceOf(Promise);
  expect(await refined).toEqual({ city: "OSLO", note: "a…" });
});

test("issues of all schemas come together, with their paths", async () => {
  await expect(refineParams(Strict, { city: "a", a: "1", b: "2" })).rejects.toMatchObject({
    code: "invalid-parameters",
    data: { issues: [{ path: "a" }, { path: 'b["x y"]["0"]', actual: "undefined" }] },
  });
});

test("a function's schema gets all of its parameters", () => {
  const Trim = defineTask({
    id: "Trim",
    params: {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value) => ({ value: { text: (value as { text: string }).text.trim() } }),
      },
    } satisfies StandardSchemaV1<unknown, { text: string }>,
    run: ({ text }) => text.length,
  });
  expect(refineParams(Trim, { text: " a ", more: 1 })).toEqual({ text: "a" });
});
