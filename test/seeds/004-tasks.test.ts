/** Tasks of job files, by the scenarios of their ancestor: what they share, their hooks, and where they are found. */
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { relative } from "node:path";
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

test(
  "6. an interrupt stops what runs: its hooks for that, then the last one; what was done is on record",
  SLOW,
  async () => {
    project.write(
      "src/patient.ts",
      `import { appendFileSync, writeFileSync } from "node:fs";
import { param, Task, task } from "millrace";
@task()
export class Patient extends Task<string> {
  @param() name!: string;
  @param() needs?: string;
  async run(): Promise<string> {
    if (this.needs === undefined) return this.name;
    writeFileSync(this.needs + ".began", "");
    await new Promise((_, reject) => this.signal.addEventListener("abort", () => reject(this.signal.reason)));
    return this.name;
  }
  onAbort(): void { this.#note("abort"); }
  onFailure(): void { this.#note("failure"); }
  onSuccess(): void { this.#note("success"); }
  onDestroy(): void { this.#note("destroy"); }
  #note(what: string): void { appendFileSync("interrupted", this.name + " " + what + "\\n"); }
}
`,
    );
    project.write(
      "interrupted.yaml",
      `config: { name: interrupted }
checkpointer: { checkpointer: FileCheckpointer, parameters: { dir: interrupted-points } }
tasks:
  done: { task: Patient, parameters: { name: done } }
  waits: { task: Patient, parameters: { name: waits, needs: gate }, dependencies: done }
  behind: { task: Patient, parameters: { name: behind }, dependencies: waits }
`,
    );
    const life = project.start(["run", "interrupted.yaml", "--id", "int-1"]);
    while (!existsSync(project.path("gate.began"))) await new Promise((resolve) => setImmediate(resolve));
    life.kill("SIGINT");
    expect((await life.done).code).toBe(130);
    expect(lines("interrupted")).toEqual(["done success", "done destroy", "waits abort", "waits destroy"]);
    const shown = (await project.flow("show", "int-1", "--json")).json<{
      run: { state: string };
      steps: readonly { node: string; state: string }[];
    }>();
    expect(shown.steps.map(({ node, state }) => `${node} ${state}`)).toEqual(["done succeeded"]);
    expect((await project.flow("runs", "--json")).json()).toContainEqual(
      expect.objectContaining({ id: "int-1", state: "suspended" }),
    );
  },
);

describe("19. what a job names is found", () => {
  test("tasks of folders outside the project and of linked packages, once a module exports them", SLOW, async () => {
    await using elsewhere = await project.copy();
    const source = (name: string): string => `import { Task, task } from "millrace";
@task() export class ${name} extends Task<string> { run(): string { return "${name}"; } }
`;
    elsewhere.write("shared-tasks/index.ts", source("FromFolder"));
    elsewhere.write(
      "shared-package/package.json",
      '{ "name": "shared-package", "type": "module", "exports": "./main.ts" }',
    );
    elsewhere.write("shared-package/main.ts", source("FromPackage"));
    symlinkSync(elsewhere.path("shared-package"), project.path("node_modules/shared-package"));
    project.write(
      "src/shared.ts",
      `export * from "${relative(project.path("src"), elsewhere.path("shared-tasks/index.js"))}";\nexport * from "shared-package";\n`,
    );
    project.write("outside.yaml", "tasks: { a: { task: FromFolder }, b: { task: FromPackage } }\n");
    const ended = await project.flow("run", "outside.yaml");
    expect([ended.code, ended.stderr, JSON.parse(ended.stdout || "null")]).toEqual([
      0,
      expect.any(String),
      { a: "FromFolder", b: "FromPackage" },
    ]);
    rmSync(project.path("src/shared.ts"));
  });

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
