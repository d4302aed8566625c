/** The test's engine under the plugin: classes are the test's own, and what the build knows of them counts. */
import type { TestProject } from "@millrace/testing";
import { afterEach, expect, test } from "vitest";
import { COUNTING, runVitest, vitestProject } from "./vitest-project.js";

let project: TestProject | undefined;
afterEach(() => project?.remove());

test("has the build's sites, types, options and graphs, and runs the test's own code", async () => {
  project = await vitestProject({
    ...COUNTING,
    "test/engine.test.ts": `
import { openTestEngine, prebaked } from "millrace/testing";
import { expect, test, vi } from "vitest";
import { Count } from "../src/count.js";
import { Total } from "../src/total.js";

vi.mock("../src/length.js", () => ({ lengthOf: () => 10 }));

test("runs conform to the graph, and nodes have its ids", async () => {
  await using engine = await openTestEngine();
  expect(await engine.run(Total, { texts: ["a", "b"] })).toBe(30);
  expect(engine.manifest.build).toMatch(/^[0-9a-f]{32}$/);
  expect(engine.manifest.flows.Total?.graph.nodes.map((node) => node.kind).sort()).toEqual(["call", "call", "map"]);
  const keys = engine.events.executions(Count).map(({ step }) => decodeURIComponent(step.key)).sort();
  expect(keys).toEqual(["Total/Total.run#Count/0", "Total/Total.run#map@counts/0/[0]/Total.run#Count@return/0", "Total/Total.run#map@counts/0/[1]/Total.run#Count@return/0"]);
  expect(engine.events.of("warning")).toEqual([]);
});

test("parameters are checked by their types", async () => {
  await using engine = await openTestEngine({ standIns: [prebaked(Count, { value: 1 })] });
  expect(() => engine.start(Total, { texts: "a" } as never)).toThrow(
    expect.objectContaining({ code: "invalid-parameters", message: expect.stringContaining("texts") }),
  );
});

test("classes of the test itself are known by what they say alone", async () => {
  const { Flow, flow } = await import("millrace");
  class Own extends Flow<number> {
    run(): Promise<number> {
      return this.call(Count, { text: "" });
    }
  }
  flow(Own);
  await using engine = await openTestEngine({ strict: true });
  expect(await engine.run(Own)).toBe(10);
  expect(engine.events.executions(Count)[0]?.step.key).toMatch(/^Own\\/unbuilt:test%2Fengine\\.test\\.ts:\\d+\\/0$/);
});
`,
  });
  const { code, output } = await runVitest(project);
  expect(output).toMatch(/Tests +3 passed/);
  expect(code).toBe(0);
});

test("is strict unless told otherwise: a call that the graph does not know fails the run", async () => {
  project = await vitestProject({
    ...COUNTING,
    "src/hidden.ts": `
import { Flow, flow } from "millrace";
import { Count } from "./count.js";

@flow
export class Hidden extends Flow<number> {
  async run(): Promise<number> {
    return (Reflect.get(this, "call") as Hidden["call"]).call(this, Count, { text: "abc" });
  }
}
`,
    "test/hidden.test.ts": `
import { openTestEngine } from "millrace/testing";
import { expect, test } from "vitest";
import { Hidden } from "../src/hidden.js";

test("by default", async () => {
  await using engine = await openTestEngine();
  await expect(engine.run(Hidden)).rejects.toMatchObject({ code: "unknown-site" });
});

test("told otherwise", async () => {
  await using engine = await openTestEngine({ strict: false });
  expect(await engine.run(Hidden)).toBe(3);
});
`,
  });
  const { code, output } = await runVitest(project);
  expect(output).toMatch(/Tests +2 passed/);
  expect(code).toBe(0);
});
