import { expect, it } from "vitest";
import { nearestName } from "./nearest-name.js";

it.each([
  ["fuctions", "functions"],
  ["Starter", "starter"],
  ["start", "starter"],
  ["next", undefined],
  ["", undefined],
])("%j was meant to be %j", (name, nearest) => {
  expect(nearestName(name, ["starter", "functions"])).toBe(nearest);
});
