/** Vitest projects: several of one folder, and those of several packages, each with a build of its own. */
import type { TestProject } from "@millrace/testing";
import { afterEach, expect, test } from "vitest";
import { COUNTING, runVitest, vitestProject } from "./vitest-project.js";

let project: TestProject | undefined;
afterEach(() => project?.remove());

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true, types: ["node"] },
  include: ["src"],
});

/** A package with a flow of the same name as in others, and another result. */
function packageFiles(name: string): Readonly<Record<string, string>> {
  return {
    [`packages/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", type: "module" }),
    [`packages/${name}/tsconfig.json`]: TSCONFIG,
    [`packages/${name}/src/name.ts`]: `
import { Flow, flow } from "millrace";
@flow
export class Name extends Flow<string> {
  async run(): Promise<string> { return this.step("name", () => "${name}"); }
}
`,
    [`packages/${name}/test/name.test.ts`]: `
import { openTestEngine } from "millrace/testing";
import { expect, test } from "vitest";
import { Name } from "../src/name.js";
test("runs", async () => {
  await using engine = await openTestEngine({ strict: true });
  expect(await engine.run(Name)).toBe("${name}");
  expect(engine.manifest.flows.Name?.source).toBe("src/name.ts");
  expect(process.env.MILLRACE_TEST_STATE_DIR).toMatch(/packages.${name}.\\.flow$/);
});
`,
  };
}

test("two of one folder share its build", async () => {
  const text = (project: string) => `
import { openTestEngine } from "millrace/testing";
import { expect, test } from "vitest";
import { Total } from "../src/total.js";
test("${project}", async () => {
  await using engine = await openTestEngine({ strict: true });
  expect(await engine.run(Total, { texts: ["a"] })).toBe(1);
});
`;
  project = await vitestProject({
    ...COUNTING,
    "test/one.test.ts": text("one"),
    "test/two.test.ts": text("two"),
    "vitest.config.ts": `
import { millrace } from "millrace/vitest";
import { defineConfig } from "vitest/config";
export default defineConfig({
  test: {
    projects: [
      { plugins: [millrace()], test: { name: "one", include: ["test/one.test.ts"] } },
      { plugins: [millrace()], test: { name: "two", include: ["test/two.test.ts"] } },
    ],
  },
});
`,
  });
  const { code, output } = await runVitest(project);
  expect(output).toMatch(/Tests +2 passed/);
  expect(code).toBe(0);
});

test("packages have builds of their own", async () => {
  project = await vitestProject({
    ...packageFiles("alpha"),
    ...packageFiles("beta"),
    "vitest.config.ts": `
import { millrace } from "millrace/vitest";
import { defineConfig } from "vitest/config";
export default defineConfig({
  test: {
    projects: ["alpha", "beta"].map((name) => ({
      root: "packages/" + name,
      plugins: [millrace()],
      test: { name },
    })),
  },
});
`,
  });
  const { code, output } = await runVitest(project);
  expect(output).toMatch(/Tests +2 passed/);
  expect(code).toBe(0);
});

test("a plugin beside all projects serves those that extend it", async () => {
  project = await vitestProject({
    ...COUNTING,
    "test/one.test.ts": `
import { openTestEngine } from "millrace/testing";
import { expect, test } from "vitest";
import { Total } from "../src/total.js";
test("one", async () => {
  await using engine = await openTestEngine({ strict: true });
  expect(await engine.run(Total, { texts: ["a"] })).toBe(1);
});
`,
    "vitest.config.ts": `
import { millrace } from "millrace/vitest";
import { defineConfig } from "vitest/config";
export default defineConfig({
  plugins: [millrace()],
  test: { projects: [{ extends: true, test: { name: "one" } }, { extends: true, test: { name: "two" } }] },
});
`,
  });
  const { code, output } = await runVitest(project);
  expect(output).toMatch(/Tests +2 passed/);
  expect(code).toBe(0);
});
