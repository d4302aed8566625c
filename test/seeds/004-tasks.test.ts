/** Tasks of job files, by the scenarios of their ancestor: what they share, their hooks, and where they are found. */
import { existsSync } from "node:fs";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { jobProject } from "./job-project.js";

const SLOW = { timeout: 120_000 };

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
  project.write(
    "src/anywhere/below/more.ts",
    `import { appendFileSync, existsSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { param, Task, task } from "millrace";

@task({ isolate: true })
export class Put extends Task<number> {
  @param() value!: string;
  async run(): Promise<number> {
    await this.shared.set("dict", { value: this.value });
    return threadId;
  }
}

@task({ isolate: true })
export class Take extends Task<string> {
  @param() needs!: string;
  async run(): Promise<string> {
    const found = (await this.shared.get("dict")) as { value: string };
    appendFileSync("taken", found.value + " in thread " + threadId + "\\n");
    if (!existsSync(this.needs)) throw new Error("not yet");
    return found.value;
  }
}

@task()
export class Hooks extends Task<void> {
  @param() fails: "none" | "create" | "run" | "success" = "none";
  onCreate(): void { this.#note("create"); }
  run(): void { this.#note("run"); }
  onSuccess(): void { this.#note("success"); }
  onFailure(): void { this.#note("failure"); }
  onDestroy(): void { this.#note("destroy"); }
  #note(what: string): void {
    appendFileSync("hooks", what + "\\n");
    if (this.fails === what) throw new Error("no " + what);
  }
}
`,
  );
});
afterAll(() => project.remove());

const lines = (file: string): readonly string[] =>
  existsSync(project.path(file)) ? project.read(file).trim().split("\n") : [];

test("4. what one task writes, another one reads in a thread of its own, and after a restart", SLOW, async () => {
  project.write(
    "shared.yaml",
    `tasks:
  a: { task: Put, parameters: { value: kept } }
  c: { task: Take, parameters: { needs: shared.gate }, dependencies: [a] }
`,
  );
  expect((await project.flow("run", "shared.yaml")).code).toBe(1);
  project.write("shared.gate", "");
  const again = await project.flow("run", "shared.yaml", "-r", "--json");
  expect(again.json()).toMatchObject({ status: "succeeded", result: { c: "kept" }, steps: { restored: 1 } });
  expect(lines("taken").map((line) => line.replace(/\d+$/, "#"))).toEqual(["kept in thread #", "kept in thread #"]);
});

describe("5. hooks", () => {
  beforeEach(() => project.write("hooks", ""));

  test.each([
    ["of a success", "none", ["create", "run", "success", "destroy"]],
    ["of a failure", "run", ["create", "run", "failure", "destroy"]],
    ["where the first throws: nothing is run", "create", ["create", "failure", "destroy"]],
    [
      "where that of success throws: the task has failed",
      "success",
      ["create", "run", "success", "failure", "destroy"],
    ],
  ])("%s", SLOW, async (_, fails, order) => {
    project.write("hooks.yaml", `tasks: { a: { task: Hooks, parameters: { fails: ${fails} } } }\n`);
    const ended = await project.flow("run", "hooks.yaml", "--json");
    expect(lines("hooks")).toEqual(order);
    expect(ended.json()).toMatchObject({ status: fails === "none" ? "succeeded" : "failed" });
  });
});

describe("19. what a job names is found", () => {
  // Tasks need no folder of their own, and none is listed: the build finds them wherever they stand.
  test("tasks in any module of the project; one that cannot be loaded is named", SLOW, async () => {
    project.write("found.yaml", "tasks: { a: { task: Hooks } }\n");
    expect((await project.flow("run", "found.yaml")).code).toBe(0);
    project.write(
      "src/broken.ts",
      `import { Task, task } from "millrace";
if (Date.now() > 0) throw new Error("no luck today");
@task() export class Broken extends Task<void> { run(): void {} }
`,
    );
    project.write("broken.yaml", "tasks: { a: { task: Broken } }\n");
    const ended = await project.flow("run", "broken.yaml");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/broken/);
    expect(ended.stderr).toContain("no luck today");
    // The others are not touched by it.
    expect((await project.flow("run", "found.yaml")).code).toBe(0);
  });

  test(
    "loggers in the usual folders, in others and in packages; a folder that is named has to be there",
    SLOW,
    async () => {
      const logger = (name: string): string =>
        `import { appendFileSync } from "node:fs";
export class ${name} { write() { appendFileSync("heard", "${name}\\n"); } }\n`;
      project.write("loggers/usual.mjs", logger("Usual"));
      project.write("implementations/deep/other.mjs", logger("Other"));
      project.write(
        "node_modules/internal-package/package.json",
        '{ "name": "internal-package", "exports": "./index.mjs" }',
      );
      project.write("node_modules/internal-package/index.mjs", logger("Packaged"));
      const yaml = (config: string): string => `config: { ${config} }
loggers: { a: { logger: Usual }, b: { logger: Other }, c: { logger: Packaged } }
tasks: { a: { task: ImmediatelySucceed } }
`;
      project.write(
        "heard.yaml",
        yaml("extension_directories: [implementations], extension_packages: [internal-package]"),
      );
      expect((await project.flow("run", "heard.yaml")).code).toBe(0);
      expect(new Set(lines("heard"))).toEqual(new Set(["Usual", "Other", "Packaged"]));
      const refused: readonly (readonly [string, RegExp])[] = [
        [
          "extension_directories: [nowhere]",
          /heard.yaml:1:35 error(?:.|\n)*"config.extension_directories\[0\]" is nowhere, and there is no such folder/,
        ],
        ["extension_packages: [internal-pakage]", /heard.yaml:1:32 error(?:.|\n)*no such package is installed/],
        ["extension_directories: [implementations]", /there is no "Packaged"/],
      ];
      for (const [config, message] of refused) {
        project.write("heard.yaml", yaml(config));
        const ended = await project.flow("run", "heard.yaml");
        expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(message)]);
      }
      project.write("implementations/broken.mjs", "throw new Error('not this one');");
      project.write("heard.yaml", yaml("extension_directories: [implementations]"));
      const broken = await project.flow("run", "heard.yaml");
      expect([broken.code, broken.stderr]).toEqual([
        2,
        expect.stringMatching(/heard.yaml:1:35 error(?:.|\n)*broken\.mjs failed on import: Error: not this one/),
      ]);
    },
  );
});
