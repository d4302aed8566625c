import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.js";

test.each([
  ["citis", ["days", "cities"], "cities"],
  ["ctiy", ["city", "days"], "city"],
  ["Days", ["days"], "days"],
  ["apikey", ["apiKey", "apikeys"], "apiKey"],
  ["a", ["a"], "a"],
  ["concurency", ["concurrency", "currency"], "concurrency"],
  ["foo", ["bar", "baz"], undefined],
  ["x", ["y"], undefined],
  ["days", [], undefined],
  ["", ["a"], undefined],
  ["retires", ["retry", "retries"], "retries"],
])("%s among %j is %s", (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected);
});
