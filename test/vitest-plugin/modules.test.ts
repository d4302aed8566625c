/** What tests get under the plugin: the project's modules as the build compiles them, as instances of their own. */
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import type { TestProject } from "@millrace/testing";
import { afterEach, expect, test } from "vitest";
import { WITHOUT_COMPILER } from "../cli/hello-project.js";
import { COUNTING, runVitest, vitestProject } from "./vitest-project.js";

let project: TestProject | undefined;
afterEach(() => project?.remove());

const SITES_TEST = `
import { expect, test } from "vitest";
import { Total } from "../src/total.js";
import { sitesOf } from "./sites.js";

test("sites are those of the build", async () => {
  expect(await sitesOf(Object.assign(new Total(), { texts: ["a", "b"] }))).toEqual([
    "Total.run#map@counts", "Total.run#Count@return", "Total.run#Count@return", "Total.run#Count",
  ]);
});
`;

test("standard decorators, stamps, mocks, spies and the build's folder; an unchanged project is built once", async () => {
  project = await vitestProject({
    ...COUNTING,
    "test/sites.test.ts": SITES_TEST,
    "test/mocks.test.ts": `
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Count } from "../src/count.js";
import * as length from "../src/length.js";

vi.mock("../src/length.js", () => {
  const named = (text: string) => text.length * 100;
  return { lengthOf: vi.fn(named) };
});

test("a helper of a task is mocked", () => {
  expect(Object.assign(new Count(), { text: "four" }).run()).toBe(400);
  expect(length.lengthOf).toHaveBeenCalledWith("four");
});
test("a method is spied on", () => {
  const run = vi.spyOn(Count.prototype, "run").mockReturnValue(7);
  expect(new Count().run()).toBe(7);
  run.mockRestore();
});
test("the build can be found", () => {
  const manifest = readFileSync(join(process.env.MILLRACE_TEST_STATE_DIR!, "manifest.json"), "utf8");
  expect(Object.keys(JSON.parse(manifest).flows)).toEqual(["Total"]);
});
`,
    "test/own.test.ts": `
import { Task, task } from "millrace";
import { expect, test } from "vitest";
@task class Own extends Task<number> { run() { return Own.name.length; } }
test("a test file may have decorators of its own", () => { expect(new Own().run()).toBe(3); });
`,
  });
  const first = await runVitest(project);
  expect(first.output).toContain("Test Files  3 passed");
  expect(first.code).toBe(0);
  expect(existsSync(project.path(".flow/types.d.ts"))).toBe(true);

  const built = statSync(project.path(".flow/manifest.json")).mtimeMs;
  expect(await runVitest(project)).toMatchObject({ code: 0 });
  expect(statSync(project.path(".flow/manifest.json")).mtimeMs).toBe(built);
});

test("legacy decorators, path aliases and imports by #name, also in mocks", async () => {
  const compilerOptions = {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    experimentalDecorators: true,
    useDefineForClassFields: false,
    strict: true,
    skipLibCheck: true,
    paths: { "~/*": ["./src/*"] },
  };
  project = await vitestProject({
    ...COUNTING,
    "package.json": '{ "name": "tested", "type": "module", "imports": { "#tasks/*": "./src/*.ts" } }',
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }),
    "src/count.ts": COUNTING["src/count.ts"]?.replace("./length.js", "~/length") ?? "",
    "src/total.ts": COUNTING["src/total.ts"]?.replace("./count.js", "#tasks/count") ?? "",
    "test/sites.test.ts": SITES_TEST,
    "test/mocks.test.ts": `
import { expect, test, vi } from "vitest";
import { Count } from "~/count";
vi.mock("~/length", () => ({ lengthOf: () => 42 }));
test("mocked by its alias", () => { expect(Object.assign(new Count(), { text: "" }).run()).toBe(42); });
`,
  });
  const { code, output } = await runVitest(project);
  expect(output).toContain("Test Files  2 passed");
  expect(code).toBe(0);
});

test("functions have the types of the build, whatever the constants are called that hold them", async () => {
  project = await vitestProject({
    "src/greeting.ts": `
import { defineFlow, defineTask } from "millrace";
export const greet = defineTask({ id: "Greet", run: ({ name }: { name: string }) => "Hello, " + name });
export const greeting = defineFlow({
  id: "Greeting",
  run: ({ name }: { name: string }, flow) => flow.call(greet, { name }),
});
`,
    "test/greeting.test.ts": `
import { openTestEngine } from "millrace/testing";
import { expect, test } from "vitest";
import { greeting } from "../src/greeting.js";
test("is known", async () => {
  await using engine = await openTestEngine({ strict: true });
  expect(await engine.run(greeting, { name: "Ada" })).toBe("Hello, Ada");
  expect(() => engine.start(greeting, { name: 5 as never })).toThrow(/name/);
});
`,
  });
  const { code, output } = await runVitest(project);
  expect(output).toContain("Test Files  1 passed");
  expect(code).toBe(0);
});

/** Functions in a linked folder; types in an export list and CommonJS members, which only the build's edits make loadable. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  "elsewhere/count.mts": `
import { defineTask } from "millrace";
import lengths = require("./lengths.cjs");
interface Text { text: string }
export { Text };
export const Count = defineTask({ id: "Count", run: ({ text }: Text) => lengths.lengthOf(text) });
`,
  "elsewhere/lengths.cts": `
const lengthOf = (text: string): number => text.length;
export = { lengthOf };
`,
  "elsewhere/total.ts": `
import { defineFlow } from "millrace";
import { Count, type Text } from "./count.mjs";
export const Total = defineFlow({
  id: "Total",
  run: async ({ texts }: { texts: Text[] }, flow) => flow.map(texts, ({ text }) => flow.call(Count, { text })),
});
`,
  "src/index.ts": 'export { Total } from "./linked/total.js";\n',
  "test/functions.test.ts": `
import { openTestEngine } from "millrace/testing";
import { expect, test } from "vitest";
import { Count } from "../src/linked/count.mjs";
import { Total } from "../src/index.js";

test("strict: every call is in the graph", async () => {
  await using engine = await openTestEngine({ strict: true });
  expect(await engine.run(Total, { texts: [{ text: "a" }, { text: "four" }] })).toEqual([1, 4]);
  expect(engine.events.executions(Count)[0]?.step.key).not.toContain("unbuilt");
});
`,
};

test("functions, a linked folder, types in export lists and CommonJS members; with the record of stamps lost or damaged", async () => {
  project = await vitestProject(FUNCTIONS);
  symlinkSync("../elsewhere", project.path("src/linked"));
  const stamps = project.path(".flow/cache/stamps.json");
  const first = await runVitest(project);
  expect(first.output).toContain("Test Files  1 passed");
  const whole = readFileSync(stamps, "utf8");
  writeFileSync(stamps, whole.slice(0, 100));
  expect(await runVitest(project)).toMatchObject({ code: 0 });
  rmSync(stamps);
  expect(await runVitest(project)).toMatchObject({ code: 0 });
  expect(readFileSync(stamps, "utf8")).toBe(whole);
});

test("stacks name lines of the source, also below a stamped call", async () => {
  project = await vitestProject({
    ...COUNTING,
    "src/failing.ts": `
import { Flow, flow } from "millrace";
import { Count } from "./count.js";
@flow
export class Failing extends Flow<number> {
  async run(): Promise<number> {
    const count = await this.call(Count, { text: "" });
    throw new Error("of line 8 " + count);
  }
}
`,
    "test/failing.test.ts": `
import { test } from "vitest";
import { Failing } from "../src/failing.js";
import { sitesOf } from "./sites.js";
test("fails", () => sitesOf(new Failing()));
`,
  });
  const { code, output } = await runVitest(project);
  expect(output).toContain("of line 8 1");
  expect(output).toContain("❯ Failing.run src/failing.ts:8:11");
  expect(output).toContain('8|     throw new Error("of line 8 " + count);');
  expect(code).toBe(1);
});

test("a warning of the build is shown once and stops nothing", async () => {
  project = await vitestProject({
    ...COUNTING,
    "src/chosen.ts": `
import { Flow, flow, param } from "millrace";
@flow
export class Chosen extends Flow<unknown> {
  @param() name!: string;
  async run(): Promise<unknown> {
    return this.call(this.name, { texts: [] });
  }
}
`,
    "test/sites.test.ts": SITES_TEST,
    "test/more.test.ts": SITES_TEST,
  });
  const { code, output } = await runVitest(project);
  expect(output).toContain("Test Files  2 passed");
  expect(output.match(/warning dynamic-node/g)).toHaveLength(1);
  expect(code).toBe(0);
});

test("a build with errors stops the run and shows them", async () => {
  project = await vitestProject({ ...COUNTING, "test/sites.test.ts": SITES_TEST });
  project.write("src/total.ts", project.read("src/total.ts").replace('{ text: "" }', "{}"));
  const { code, output } = await runVitest(project);
  expect(output).toContain("error param-missing");
  expect(output).toContain("await this.call(Count, {})");
  expect(output).toContain("The build that tests need found errors: src/total.ts:");
  expect(output).not.toContain("Test Files");
  expect(code).toBe(1);
});

test("without the compiler the run says what to install", async () => {
  project = await vitestProject({ ...COUNTING, "test/sites.test.ts": SITES_TEST });
  const { code, output } = await runVitest(project, WITHOUT_COMPILER);
  expect(output).toContain("@millrace/compiler is needed to build the project before its tests, and is not installed.");
  expect(output).toContain("npm install --save-dev @millrace/compiler");
  expect(code).toBe(1);
});
