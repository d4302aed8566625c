import { expect, test } from "vitest";
import type { Site } from "../identity/brands.js";
import { unbuiltSite } from "../identity/site.js";
import { itemPath, rootPath, stepKey, subflowPath } from "../identity/step-key.js";
import { stepLabel } from "./step-label.js";

const root = rootPath("CityReport");
const site = (text: string): Site => text as Site;

test("a plain step is named by its node", () => {
  expect(stepLabel({ key: stepKey(root, site("CityReport.run#Summarise@s"), 0), node: "Summarise" })).toBe("Summarise");
});

test("map items and turns are shown", () => {
  const map = stepKey(root, site("CityReport.run#map@forecasts"), 0);
  const key = stepKey(itemPath(map, "São Paulo/1"), site("CityReport.run#Fetch"), 2);
  expect(stepLabel({ key, node: "Fetch~2" })).toBe("Fetch~2[São Paulo/1]#3");
});

test("a sub-flow stands in front of its steps, with its own items", () => {
  const sub = stepKey(itemPath(stepKey(root, site("CityReport.run#map"), 0), "a"), site("CityReport.run#Nightly"), 0);
  const key = stepKey(subflowPath(sub), site("Nightly.run#Fetch@f"), 0);
  expect(stepLabel({ key, node: "Fetch" })).toBe("Nightly[a]/Fetch");
});

test("a sub-flow that no build has seen is named by the line of its call", () => {
  const label = (file: string): string => {
    const sub = stepKey(root, unbuiltSite(file, 32), 1);
    return stepLabel({ key: stepKey(subflowPath(sub), unbuiltSite(file, 7), 0), node: "Fetch" });
  };
  expect(label("src/flows/report.ts")).toBe("report.ts:32#2/Fetch");
  expect(label("report.ts")).toBe("report.ts:32#2/Fetch");
});

test("a key that is none leaves the node", () => {
  expect(stepLabel({ key: "??" as never, node: "Fetch" })).toBe("Fetch");
});
