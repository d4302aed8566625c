import { describe, expect, it } from "vitest";
import { flow } from "./flow.js";
import { param } from "./param.js";
import { task } from "./task.js";

/** What compilers of that proposal hand to a decorator, as seen from Next.js 16 without `experimentalDecorators`. */
const descriptor = (kind: "class" | "field"): never =>
  Object.defineProperty({ kind, key: "city", placement: "own", elements: [] }, Symbol.toStringTag, {
    value: "Descriptor",
    configurable: true,
  }) as never;

describe("decorators compiled to the proposal of 2018", () => {
  it.each([
    ["@param()", () => param()(descriptor("field"), descriptor("field"))],
    ["@task", () => task(descriptor("class"))],
    ["@task", () => task({ id: "A" })(descriptor("class"))],
    ["@flow", () => flow(descriptor("class"))],
    ["@flow", () => flow({ id: "A" })(descriptor("class"))],
  ])("%s names the setting", (name, decorate) => {
    expect(decorate).toThrow(
      expect.objectContaining({
        code: "flow-misuse",
        message: expect.stringMatching(new RegExp(`^${name.replace("()", "\\(\\)")} was compiled to`)),
        hint: expect.stringContaining('"experimentalDecorators": true'),
      }),
    );
  });
});
