import { expect, test } from "vitest";
import { giveParams } from "./give-params.js";
import { addLegacyParam } from "./store.js";

class Base {
  city = "";
}
addLegacyParam(Base, "city");

class Report extends Base {
  days = 7;
  secret = "kept";
  run(): string {
    return `${this.city} ${this.days}`;
  }
}
addLegacyParam(Report, "days");

test("fields get what is given, and keep their defaults where nothing is", () => {
  const report = new Report();
  giveParams(report, { city: "Oslo" });
  expect(report.run()).toBe("Oslo 7");
});

test("names that are no parameters reach nothing of an instance", () => {
  const report = new Report();
  giveParams(report, { city: "Oslo", secret: "stolen", run: () => "replaced", constructor: "broken" });
  expect([report.run(), report.secret, report.constructor]).toEqual(["Oslo 7", "kept", Report]);
});

test("what an object inherits is not given", () => {
  const report = new Report();
  giveParams(report, Object.create({ city: "Oslo", days: 1 }) as object);
  expect(report.run()).toBe(" 7");
});
