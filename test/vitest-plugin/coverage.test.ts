/** Graph coverage of a real test run: its table, its document, and thresholds that fail it. */
import type { TestProject } from "@millrace/testing";
import type { CoverageDocument } from "@millrace/testing/vitest";
import { afterEach, expect, test } from "vitest";
import { COUNTING, runVitest, vitestProject } from "./vitest-project.js";

let project: TestProject | undefined;
afterEach(() => project?.remove());

const config = (options: string): string => `
import { millrace } from "millrace/vitest";
import { defineConfig } from "vitest/config";
export default defineConfig({ plugins: [millrace({ graphCoverage: ${options} })], test: { disableConsoleIntercept: true } });
`;

const FILES = {
  ...COUNTING,
  "src/choice.ts": `
import { Flow, flow, param } from "millrace";
import { Count } from "./count.js";

@flow
export class Choice extends Flow<number> {
  @param() text!: string;
  async run(): Promise<number> {
    const length = await this.call(Count, { text: this.text });
    if (length > 3) return this.call(Count, { text: "long" });
    return this.call(Count, { text: "" });
  }
}
`,
  "test/total.test.ts": `
import { openTestEngine } from "millrace/testing";
import { test } from "vitest";
import { Total } from "../src/total.js";

test.each([{ texts: [] }, { texts: ["a", "b"] }])("totals %o", async (params) => {
  await using engine = await openTestEngine();
  await engine.run(Total, params);
});
`,
  "test/choice.test.ts": `
import { openTestEngine } from "millrace/testing";
import { test } from "vitest";
import { Choice } from "../src/choice.js";

test("a short text", async () => {
  await using engine = await openTestEngine({ strict: false });
  await engine.run(Choice, { text: "a" });
});
`,
};

test("counts nodes, edges, arms and sizes of maps over all test files", async () => {
  project = await vitestProject({ ...FILES, "vitest.config.ts": config("true") });
  const { code, output } = await runVitest(project);
  expect(output).toMatch(
    /Graph coverage +nodes +edges +arms +sizes\nChoice +2\/3 +1\/2 +0\/1 +0\/0\nTotal +2\/2 +\d\/\d +0\/0 +2\/3\n/,
  );
  expect(output).toMatch(/Tests +3 passed/);
  expect(code).toBe(0);
  const { flows } = JSON.parse(project.read(".flow/graph-coverage.json")) as CoverageDocument;
  expect(flows.Total?.sizes).toEqual({ shown: 2, total: 3, missing: ["map of 1"] });
  expect(flows.Choice?.arms).toEqual({ shown: 0, total: 1, missing: ["branch/then"] });
  expect(flows.Choice?.nodes).toEqual({ shown: 2, total: 3, missing: ["Count~2"] });
});

test("fails the test run below a threshold, and says what is missing", async () => {
  const options = '{ thresholds: { nodes: 100, sizes: 60 }, file: "coverage.json" }';
  project = await vitestProject({ ...FILES, "vitest.config.ts": config(options) });
  const { code, output } = await runVitest(project);
  expect(output).toContain("Graph coverage of Choice: nodes 66 %, below 100 %. Missing: Count~2.");
  expect(output).not.toContain("Graph coverage of Total");
  expect(output).toMatch(/Tests +3 passed/);
  expect(code).toBe(1);
  expect(JSON.parse(project.read("coverage.json"))).toHaveProperty("flows.Choice");
});
