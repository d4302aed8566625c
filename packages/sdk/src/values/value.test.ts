import { decodeValue, encodeValue, isMillraceError } from "@millrace/core";
import { expect, test } from "vitest";
import { value } from "./value.js";

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
  norm(): number {
    return Math.hypot(this.x, this.y);
  }
}
// Legacy decorators call with the class alone, TC39 ones with a context besides.
value({ id: "geo.point" })(Point);

class Temperature {
  readonly #kelvin: number;
  constructor(kelvin: number) {
    this.#kelvin = kelvin;
  }
  get celsius(): number {
    return this.#kelvin - 273.15;
  }
  static encode(temperature: Temperature): { kelvin: number } {
    return { kelvin: temperature.#kelvin };
  }
  static decode(data: { kelvin: number }): Temperature {
    return new Temperature(data.kelvin);
  }
}
const context: ClassDecoratorContext = {
  kind: "class",
  name: "Temperature",
  addInitializer: () => {},
  metadata: {},
};
value({ id: "physics.temperature" })(Temperature, context);

test("own fields are stored, methods come from the class", () => {
  const point = decodeValue(encodeValue([new Point(3, 4)])) as [Point];
  expect(point[0]).toBeInstanceOf(Point);
  expect(point[0].norm()).toBe(5);
});

test("encode and decode carry private fields", () => {
  const back = decodeValue(encodeValue(new Temperature(300))) as Temperature;
  expect(back).toBeInstanceOf(Temperature);
  expect(back.celsius).toBeCloseTo(26.85);
});

test("a subclass needs an id of its own", () => {
  class Point3 extends Point {}
  expect(() => encodeValue({ p: new Point3(1, 2) }, "result")).toThrow(/result\.p is an instance of Point3/);
});

test("the class may be loaded twice under one name, and never replaced by another", () => {
  const again = { Point: class Point {} }.Point;
  value({ id: "twice" })(class Point {});
  value({ id: "twice" })(again);
  expect(decodeValue(encodeValue(new again()))).toBeInstanceOf(again);
  expect(() => value({ id: "twice" })(class Other {})).toThrow(/"twice" of the class Other belongs to the class Point/);
});

test("an id that is not registered is named", () => {
  const bytes = Buffer.from(encodeValue(new Point(1, 2)));
  const renamed = Buffer.from(bytes.toString("latin1").replace("geo.point", "geo.paint"), "latin1");
  try {
    decodeValue(renamed);
    expect.unreachable();
  } catch (error) {
    if (!isMillraceError(error)) throw error;
    expect(error.code).toBe("value-unreadable");
    expect(error.message).toContain('"geo.paint"');
    expect(error.hint).toContain("@value");
  }
});

test("an id is required", () => {
  expect(() => value({ id: "" })(class Nameless {})).toThrow(/has no id/);
});

test("encode and decode come in pairs, and decode returns the class itself", () => {
  class Half {
    readonly n = 1;
    static encode(): number {
      return 1;
    }
  }
  expect(() => value({ id: "half" })(Half)).toThrow(/only one of encode and decode/);
  class Warm extends Temperature {}
  value({ id: "physics.warm" })(Warm);
  expect(() => decodeValue(encodeValue(new Warm(300)))).toThrow(/Warm\.decode returned no Warm/);
});
