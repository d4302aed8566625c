/** Projects that are spread over folders: workspaces, links, several configurations, odd names, an output folder elsewhere. */
import { existsSync, mkdirSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type CompileResult, compile } from "@millrace/compiler";
import type { TestProject } from "@millrace/testing";
import { expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";
import { runFlow } from "./run-flow.js";

const OPTIONS = {
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

const config = (options: object = {}, rest: object = {}): string =>
  JSON.stringify({ compilerOptions: { ...OPTIONS, ...options }, include: ["src"], ...rest });

/** A task that returns the value of an expression. */
const taskText = (name: string, imports: string, expression: string): string =>
  `${imports}\nimport { Task, task } from "millrace";\n\n@task()\nexport class ${name} extends Task<unknown> {\n  async run(): Promise<unknown> {\n    return ${expression};\n  }\n}\n`;

/** A flow that calls tasks one after the other and returns their results; `modules` are tasks by specifier. */
function flowText(name: string, modules: Readonly<Record<string, string>>): string {
  const imports = Object.entries(modules).map(([specifier, task]) => `import { ${task} } from "${specifier}";\n`);
  const calls = Object.values(modules).map((task) => `await this.call(${task}, {})`);
  return `import { Flow, flow } from "millrace";\n${imports.join("")}\n@flow()\nexport class ${name} extends Flow<unknown> {\n  async run(): Promise<unknown> {\n    return [${calls.join(", ")}];\n  }\n}\n`;
}

function link(project: TestProject, from: string, to: string): void {
  mkdirSync(dirname(project.path(from)), { recursive: true });
  symlinkSync(relative(dirname(project.path(from)), project.path(to)), project.path(from));
}

const codes = ({ diagnostics }: CompileResult): readonly string[] => diagnostics.map(({ code }) => code);

const PACKAGE = '{ "name": "app", "version": "1.0.0", "type": "module" }';

test("workspace packages run from the sources that were analysed, whatever their exports say to Node", async () => {
  const packages = [
    ["types", { types: "./src/index.ts", default: "./dist/index.js" }],
    ["condition", { "@acme/source": "./src/index.ts", default: "./dist/index.js" }],
    ["unbuilt", { types: "./src/index.ts", default: "./lib/index.js" }],
  ] as const;
  await using project = await fixtureProject("workspace", {
    "package.json": PACKAGE,
    "tsconfig.json": config({ customConditions: ["@acme/source"] }),
    "src/app.ts": taskText(
      "App",
      packages.map(([name]) => `import { state as ${name} } from "@acme/${name}";`).join("\n"),
      `[${packages.map(([name]) => `${name}.from`).join(", ")}]`,
    ),
    "src/flow.ts": flowText("Workspace", { "./app.js": "App", "@acme/types": "Shared" }),
    "packages/types/src/task.ts": taskText("Shared", 'import { state } from "./index.js";', "state.from"),
  });
  for (const [name, conditions] of packages) {
    const json = { name: `@acme/${name}`, version: "1.0.0", type: "module", exports: { ".": conditions } };
    project.write(`packages/${name}/package.json`, JSON.stringify(json));
    project.write(
      `packages/${name}/src/index.ts`,
      `${name === "types" ? 'export * from "./task.js";\n' : ""}export const state = { from: "source" };\n`,
    );
    if (name !== "unbuilt") {
      project.write(
        `packages/${name}/dist/index.js`,
        'export const state = { from: "dist" };\nexport class Shared {}\n',
      );
    }
    link(project, `node_modules/@acme/${name}`, `packages/${name}`);
  }
  expect(codes(await project.build())).toEqual([]);
  expect(await runFlow(project.root, "Workspace")).toEqual([["source", "source", "source"], "source"]);
});

test("a linked source folder is part of the project where it is linked", async () => {
  await using project = await fixtureProject("linked", {
    "package.json": PACKAGE,
    "tsconfig.json": config({ paths: { "@/*": ["./src/*"] } }),
    "elsewhere/task.ts": taskText(
      "Linked",
      'import { readFileSync } from "node:fs";\nimport { loads } from "./state.js";\nimport { name } from "@/name.js";',
      '[loads, name, readFileSync(new URL("./asset.txt", import.meta.url), "utf8")]',
    ),
    "elsewhere/state.ts":
      "const all = globalThis as { loads?: number };\nexport const loads: number = (all.loads = (all.loads ?? 0) + 1);\n",
    "elsewhere/asset.txt": "asset",
    "elsewhere/flow.ts": flowText("Inner", { "./task.js": "Linked" }),
    "src/name.ts": 'export const name = "app";\n',
    "src/direct.ts": taskText("Direct", 'import { loads } from "./shared/state.js";', "loads"),
    "src/outer.ts": flowText("Outer", { "./direct.js": "Direct", "./shared/task.js": "Linked" }),
  });
  link(project, "src/shared", "elsewhere");
  const result = await project.build();
  expect(codes(result)).toEqual([]);
  expect(result.manifest?.flows.Inner?.source).toBe("src/shared/flow.ts");
  // A strict run: the flow is admitted by its stamps, which stand in the file behind the link.
  expect(await runFlow(project.root, "Inner")).toEqual([[1, "app", "asset"]]);
  expect(await runFlow(project.root, "Outer")).toEqual([1, [1, "app", "asset"]]);

  const alias = `${project.root}-alias`;
  symlinkSync(project.root, alias);
  try {
    expect(await runFlow(join(alias, "src"), "Inner")).toEqual([[1, "app", "asset"]]);
  } finally {
    unlinkSync(alias);
  }
});

test("the setting names the project's configuration; folders further in keep theirs, with what it extends", async () => {
  await using project = await fixtureProject("configured", {
    "app/package.json":
      '{ "name": "app", "type": "module", "millrace": { "tsconfig": "tsconfig.build.json", "exclude": ["src/drafts"], "stateDir": "../out" } }',
    "app/tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.build.json" }] }',
    "app/tsconfig.build.json": config({ paths: { "@lib/*": ["./src/lib/*"] } }),
    "app/src/lib/name.ts": 'export const name = "root";\n',
    "app/src/drafts/broken.ts": "export class {{{",
    "app/src/root.ts": taskText("Root", 'import { name } from "@lib/name";', "name"),
    "app/src/flow.ts": flowText("Configured", { "./root.js": "Root", "./inner/task.js": "Inner" }),
    "app/config/inner.json": config({ experimentalDecorators: true }),
    "app/src/inner/tsconfig.json":
      '{ "extends": "../../config/inner.json", "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
    "app/src/inner/lib/name.ts": 'export const name = "inner";\n',
    "app/src/inner/legacy.ts":
      "export const seen: string[] = [];\nconst note: any = (target: object, key: string) => void seen.push(typeof target, key);\nexport class Legacy {\n  @note method() {}\n}\n",
    "app/src/inner/task.ts": taskText(
      "Inner",
      'import { name } from "@lib/name";\nimport { seen } from "./legacy.js";',
      "[name, ...seen]",
    ),
  });
  const app = project.path("app");
  // The output folder lies outside the project, where nothing can be imported by the names of packages.
  renameSync(project.path("node_modules"), project.path("app/node_modules"));
  expect(codes(await compile({ cwd: app, mode: "build" }))).toEqual([]);
  expect(existsSync(project.path("out/manifest.json"))).toBe(true);
  expect(await runFlow(app, "Configured")).toEqual(["root", ["inner", "object", "method"]]);
});

test("a configuration that only references others is answered with the setting to make", async () => {
  await using project = await fixtureProject("solution", {
    "package.json": PACKAGE,
    "tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
    "tsconfig.app.json": config(),
    "src/a.ts": "export {};\n",
  });
  await expect(project.build()).rejects.toMatchObject({
    code: "project-not-found",
    hint: expect.stringContaining('"millrace": { "tsconfig": "tsconfig.app.json" }'),
  });
});

test("names that mean something else in a URL, and folders with a dot, are found", async () => {
  await using project = await fixtureProject("names", {
    "package.json": PACKAGE,
    "tsconfig.json": config({}, { include: ["src", "src/.generated"] }),
    "src/100% #1/a b.ts": "export const url: string = import.meta.url;\n",
    "src/100% #1/c#d.txt": "asset",
    "src/.generated/made.ts": 'export const made = "made";\n',
    "src/[id].ts": 'export const id = "brackets";\n',
    "src/task.ts": taskText(
      "Names",
      'import { readFileSync } from "node:fs";\nimport { made } from "./.generated/made.js";\nimport { id } from "./[id].js";\nimport { url } from "./100% #1/a b.js";',
      '[made, id, readFileSync(new URL("c%23d.txt", url), "utf8"), import.meta.resolve("./x.txt") === new URL("x.txt", import.meta.url).href]',
    ),
    "src/flow.ts": flowText("Odd", { "./task.js": "Names" }),
  });
  expect(codes(await project.build())).toEqual([]);
  expect(await runFlow(project.root, "Odd")).toEqual([["made", "brackets", "asset", true]]);
});

test("classes of one name: both are named in the finding, and with ids both run under their own name", async () => {
  const same = (id: string, where: string): string =>
    taskText("Same", 'import { hidden } from "./hidden.js";', `["${where}", Same.name, hidden()]`).replace(
      "@task()",
      id ? `@task({ id: "${id}" })` : "@task()",
    );
  await using project = await fixtureProject("same", {
    "package.json": PACKAGE,
    "tsconfig.json": config(),
    "src/hidden.ts":
      "class Same {}\nexport const hidden = () => { const Other = class Same {}; return [Same.name, Other.name]; };\n",
    "src/a.ts": same("", "a"),
    "src/b.ts": same("", "b"),
    "src/flow.ts":
      'import { Flow, flow } from "millrace";\nimport { Same as A } from "./a.js";\nimport { Same as B } from "./b.js";\n\n@flow()\nexport class Both extends Flow<unknown> {\n  async run() {\n    return [await this.call(A, {}), await this.call(B, {})];\n  }\n}\n',
  });
  const [finding] = (await project.build()).diagnostics;
  expect(finding).toMatchObject({
    code: "duplicate-id",
    span: { file: "src/b.ts" },
    related: [{ span: { file: "src/a.ts" } }],
  });
  project.write("src/a.ts", same("SameOfA", "a"));
  project.write("src/b.ts", same("SameOfB", "b"));
  expect(codes(await project.build())).toEqual([]);
  const names = ["Same", "Same"];
  expect(await runFlow(project.root, "Both")).toEqual([
    ["a", "Same", names],
    ["b", "Same", names],
  ]);
});

test.each([
  [
    "text",
    'import text from "./note.txt";',
    "import-not-loadable",
    /"\.\/note\.txt" leads to src\/note\.txt/,
    /readFile\(new URL/,
  ],
  ["an addon", 'import addon from "./addon.node";', "import-not-loadable", /src\/addon\.node/, /createRequire/],
  [
    "a program for WebAssembly",
    'import wasm from "./sum.wasm";',
    "import-not-loadable",
    /src\/sum\.wasm/,
    /WebAssembly\.compile/,
  ],
  [
    "TypeScript of a package",
    'import { made } from "in-typescript";',
    "import-not-loadable",
    /in-typescript\/index\.ts: TypeScript/,
    /link the package/,
  ],
  [
    "declarations alone",
    'import { nothing } from "./declared.js";',
    "import-unresolved",
    /src\/declared\.d\.ts only declares it/,
    /import type/,
  ],
])("%s cannot be imported, and the finding says what to do", async (_, statement, code, message, hint) => {
  const names = statement.slice("import ".length, statement.indexOf(" from")).replace(/[{} ]/g, "");
  await using project = await fixtureProject("unloadable", {
    "package.json": PACKAGE,
    "tsconfig.json": config({ allowArbitraryExtensions: true }),
    "src/note.txt": "text",
    "src/addon.node": "",
    "src/sum.wasm": "",
    "src/declared.d.ts": "export declare const nothing: number;\n",
    "node_modules/in-typescript/package.json":
      '{ "name": "in-typescript", "version": "1.0.0", "exports": "./index.ts" }',
    "node_modules/in-typescript/index.ts": "export const made = 1;\n",
    "src/task.ts": taskText("Unloadable", statement, names),
  });
  const { diagnostics, written } = await project.build();
  expect(diagnostics).toMatchObject([
    {
      code,
      span: { file: "src/task.ts", line: 1 },
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    },
  ]);
  expect(written).toEqual([]);
});

test("stacks name file and line of the source, with Windows line ends and a byte order mark", async () => {
  const windows = (text: string): string => `\uFEFF${text.replaceAll("\n", "\r\n")}`;
  await using project = await fixtureProject("windows", {
    "package.json": PACKAGE,
    "tsconfig.json": config({ resolveJsonModule: true }),
    "src/data.json": '\uFEFF{\r\n  "name": "marked"\r\n}\r\n',
    "src/fail.ts": windows("export function fail(name: string): never {\n  throw new Error(name);\n}\n"),
    "src/task.ts": windows(
      taskText("Fails", 'import data from "./data.json";\nimport { fail } from "./fail.js";', "fail(data.name)"),
    ),
    "src/flow.ts": windows(
      'import { Flow, flow } from "millrace";\nimport { Fails } from "./task.js";\n\n@flow()\nexport class Stacks extends Flow<unknown> {\n  async run() {\n    const failures = await this.map([1, 2], async (n) => {\n      try {\n        return await this.call(Fails, {});\n      } catch (error) {\n        return (error as Error).stack;\n      }\n    });\n    return failures[0];\n  }\n}\n',
    ),
  });
  expect(codes(await project.build())).toEqual([]);
  const stack = await runFlow(project.root, "Stacks");
  expect(stack).toMatch(/^Error: marked\n/);
  expect(stack).toContain(`${project.path("src/fail.ts")}:2:`);
  expect(stack).toContain(`${project.path("src/task.ts")}:8:`);
});
