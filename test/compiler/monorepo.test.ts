/** A project inside a monorepo: sources beside its root, other decorators there, and packages that only they can reach. */

import { mkdirSync, symlinkSync } from "node:fs";
import type { CompileResult } from "@millrace/compiler";
import { compile } from "@millrace/compiler";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runNode } from "./run-node.js";

const OPTIONS = {
  target: "es2022",
  module: "nodenext",
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

const FILES: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "monorepo", "private": true, "type": "module", "workspaces": ["apps/*", "packages/*"] }',
  "apps/app/package.json": '{ "name": "app", "version": "1.0.0", "type": "module" }',
  "apps/app/tsconfig.json": JSON.stringify({ compilerOptions: OPTIONS, include: ["src"] }),
  "apps/app/src/flow.ts": `
import { Flow, flow } from "millrace";
import { Measure } from "@acme/tasks";
@flow()
export class Survey extends Flow<string> {
  async run(): Promise<string> {
    return this.call(Measure, { unit: "m" });
  }
}
`,
  "packages/tasks/package.json":
    '{ "name": "@acme/tasks", "version": "1.0.0", "type": "module", "exports": "./src/index.ts", "imports": { "#measure": "./src/measure.ts" } }',
  "packages/tasks/tsconfig.json": JSON.stringify({
    compilerOptions: { ...OPTIONS, experimentalDecorators: true },
    include: ["src"],
  }),
  "packages/tasks/src/index.ts": 'export { Measure } from "#measure";\n',
  "packages/tasks/src/measure.ts": `
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { param, Task, task } from "millrace";
import { version } from "only-here";
@task()
export class Measure extends Task<string> {
  @param() unit!: string;
  run(): string {
    const beside = readFileSync(new URL("./asset.txt", import.meta.url), "utf8");
    const required = (createRequire(import.meta.url)("./settings.json") as { scale: number }).scale;
    return [version, beside, required, this.unit].join(" ");
  }
}
`,
  "packages/tasks/src/asset.txt": "asset",
  "packages/tasks/src/settings.json": '{ "scale": 3 }',
  "packages/tasks/node_modules/only-here/package.json":
    '{ "name": "only-here", "version": "3.1.0", "type": "module", "exports": { "types": "./index.d.ts", "default": "./index.js" } }',
  "packages/tasks/node_modules/only-here/index.js": 'export const version = "3.1.0";\n',
  "packages/tasks/node_modules/only-here/index.d.ts": "export declare const version: string;\n",
};

let monorepo: TestProject;
let result: CompileResult;

beforeAll(async () => {
  monorepo = await createTestProject({ files: FILES });
  mkdirSync(monorepo.path("node_modules/@acme"));
  symlinkSync(monorepo.path("packages/tasks"), monorepo.path("node_modules/@acme/tasks"));
  result = await compile({ cwd: monorepo.path("apps/app/src"), mode: "build" });
});

afterAll(() => monorepo.remove());

test("tasks of a workspace package belong to the project that imports them", () => {
  expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(result.root).toBe(monorepo.path("apps/app"));
  expect(result.manifest?.tasks.Measure).toMatchObject({
    source: "../../packages/tasks/src/measure.ts",
    module: "__up__/__up__/packages/tasks/src/measure.mjs",
    params: [{ name: "unit", required: true }],
  });
});

test("their own configuration, assets and packages hold in the build", async () => {
  const { manifest } = result;
  const script = `
    const { Measure } = await import(${JSON.stringify(`./.flow/build/${manifest?.build}/${manifest?.tasks.Measure?.module}`)});
    const task = new Measure();
    task.unit = "m";
    console.log(JSON.stringify(task.run()));`;
  expect(await runNode(monorepo, script, { cwd: "apps/app" })).toBe("3.1.0 asset 3 m");
});

test("packages are told apart by where they are", () => {
  expect(result.manifest?.tasks.Measure?.fingerprint.packages).toEqual({
    millrace: expect.any(String),
    "only-here": "3.1.0",
  });
});
