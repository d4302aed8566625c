/**
 * The samples of docs/testing.md and of the pages below it. They become tests of one project: what can run is run under the
 * Vitest plugin as the pages say, and all of it is type-checked.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const FILES = {
  "package.json": '{ "name": "samples", "version": "1.0.0", "type": "module" }',
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2022",
      module: "nodenext",
      strict: true,
      experimentalDecorators: true,
      skipLibCheck: true,
      noEmit: true,
      lib: ["es2023", "esnext.disposable"],
      types: ["node"],
    },
    include: ["src", "test/*.ts", "vitest.config.ts", ".flow/types.d.ts"],
  }),
};

/** What the samples of docs/testing.md take for granted. */
const SETTING = `
import { fileURLToPath } from "node:url";
import { CityReport, Fetch, Render } from "../src/cities.js";
import { CountWords, WordReport } from "../src/words.js";
import { expect, test } from "vitest";
import { controlled, createTestProject, detectLeaks, ManualClock, openTestEngine } from "millrace/testing";
const file = fileURLToPath(import.meta.url);
const files = [file, file];
`;

interface Sample {
  /** The heading above it. */
  readonly heading: string;
  readonly code: string;
}

function samplesOf(page: string): readonly Sample[] {
  const text = readFileSync(join(REPOSITORY, "docs", page), "utf8");
  return text.split(/^#+ /m).flatMap((section) => {
    const [heading = ""] = section.split("\n");
    return [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => ({ heading, code }));
  });
}

/** A sample as the body of a test. Its imports are those of the setting, and so is its engine if it opens none. */
function testOf({ heading, code }: Sample): string {
  const body = code.replace(/^import .*\n/gm, "");
  const lacksEngine = body.includes("engine.") && !body.includes("engine = ");
  const opened = lacksEngine ? "await using engine = await openTestEngine();\n" : "";
  return `test(${JSON.stringify(heading)}, async () => {\n${opened}${body}});\n`;
}

let project: TestProject;
beforeAll(async () => {
  const [config, ...samples] = samplesOf("testing.md");
  project = await createTestProject({
    from: new URL("project", import.meta.url),
    files: {
      ...FILES,
      "vitest.config.ts": config?.code ?? "",
      "test/testing.test.ts": SETTING + samples.map(testOf).join(""),
      "test/projects.test.ts": SETTING + samplesOf("test-projects.md").map(testOf).join(""),
      "test/adapters.check.ts": `
import { bucketCheckpointer, clusterClock, dropSchema, newPrefix, newSchema, openPostgresStore, pagerObserver, QueueExecutor } from "./adapters.js";
${samplesOf("adapters.md")
  .map(({ code }) => code)
  .join("")}`,
    },
  });
});
afterAll(() => project.remove());

/** A file of an installed package. */
function installed(name: string, file: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file);
}

test("the samples run", async () => {
  const vitest = [installed("vitest", "vitest.mjs"), "run", "--testTimeout", "40000"];
  const { code, stdout, stderr } = await project.node(vitest).done;
  expect(code, stdout + stderr).toBe(0);
  const samples = [...samplesOf("testing.md").slice(1), ...samplesOf("test-projects.md")];
  expect(stdout).toMatch(new RegExp(`Tests +${samples.length} passed`));
});

test("the samples have the right types", async () => {
  await project.build();
  const { code, stdout } = await project.node([installed("typescript", "bin/tsc")]).done;
  expect(stdout).toBe("");
  expect(code).toBe(0);
});

test("the pages about testing are reached from it", () => {
  const text = readFileSync(join(REPOSITORY, "docs/testing.md"), "utf8");
  for (const page of ["test-projects.md", "adapters.md"]) {
    expect(text).toContain(`](${page})`);
    expect(samplesOf(page).length).toBeGreaterThan(0);
  }
});
