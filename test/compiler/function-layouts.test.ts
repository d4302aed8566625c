/** Functions wherever modules may lie: CommonJS folders, `.mts`, `.cts` and `.tsx`, behind aliases, in linked packages. */
import { mkdirSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";
import { runFlow } from "./run-flow.js";

const config = (options: object): string =>
  JSON.stringify({
    compilerOptions: { target: "es2022", strict: true, noEmit: true, skipLibCheck: true, types: ["node"], ...options },
    include: ["src"],
  });

/** A task that returns the value of an expression. */
const taskText = (name: string, expression: string, imports = ""): string =>
  `${imports}\nimport { defineTask } from "millrace";\nexport const ${name} = defineTask({ id: "${name}", run: ({ n = 1 }: { n?: number }) => [n, ${expression}] });\n`;

test("functions of every module format run in one flow, also from a CommonJS folder", async () => {
  await using project = await fixtureProject("formats", {
    "package.json": '{ "name": "app", "version": "1.0.0" }',
    "tsconfig.json": config({ module: "nodenext", jsx: "react", jsxFactory: "h" }),
    "src/plain.ts": taskText("Plain", "typeof require"),
    "src/modern.mts": taskText("Modern", "import.meta.filename.slice(-10)"),
    "src/old.cts": taskText("Old", "__filename.slice(-7)"),
    "src/view.tsx": taskText(
      "View",
      "<b>{n}</b>",
      "const h = (tag: string, _: null, child: unknown): unknown[] => [tag, child];\ndeclare namespace JSX { interface IntrinsicElements { b: object } }",
    ),
    "src/flow.mts": `import { defineFlow } from "millrace";
import { Modern } from "./modern.mjs";
import { Old } from "./old.cjs";
import { Plain } from "./plain.js";
import { View } from "./view.js";

export const All = defineFlow({
  id: "All",
  run: async ({ n }: { n: number }, flow) => [
    await flow.call(Plain, { n }),
    await flow.call(Modern, { n }),
    await flow.call(Old, { n }),
    await flow.call(View, { n }),
  ],
});
`,
  });
  expect((await project.build()).diagnostics).toEqual([]);
  expect(await runFlow(project.root, "All", { n: 2 })).toEqual([
    [2, "function"],
    [2, "modern.mts"],
    [2, "old.cts"],
    [2, ["b", 2]],
  ]);
});

test("functions behind aliases, in linked packages and through namespaces are the tasks that they are", async () => {
  await using project = await fixtureProject("linked-functions", {
    "package.json":
      '{ "name": "app", "version": "1.0.0", "type": "module", "imports": { "#tasks/*": "./src/tasks/*.ts" } }',
    "tsconfig.json": config({ module: "esnext", moduleResolution: "bundler", paths: { "@/*": ["./src/*"] } }),
    "src/tasks/alias.ts": taskText("Alias", '"alias"'),
    "src/tasks/hash.ts": taskText("Hash", '"hash"'),
    "src/tasks/index.ts": 'export * from "@/tasks/alias";\nexport { Hash as Renamed } from "#tasks/hash";\n',
    "packages/shared/package.json":
      '{ "name": "@acme/shared", "version": "1.0.0", "type": "module", "exports": { ".": { "types": "./src/index.ts", "default": "./dist/index.js" } } }',
    "packages/shared/src/index.ts": 'export * from "./task.js";\nexport * from "./flow.js";\n',
    "packages/shared/src/task.ts": taskText("Shared", '"shared"'),
    "packages/shared/src/flow.ts": `import { defineFlow } from "millrace";
import { Shared } from "./task.js";
export const Inner = defineFlow({ id: "Inner", run: async ({ n }: { n: number }, flow) => flow.map([n, n + 1], (each) => flow.call(Shared, { n: each })) });
`,
    "elsewhere/task.ts": taskText("Linked", '"linked"'),
    "src/flow.ts": `import { Inner } from "@acme/shared";
import { defineFlow } from "millrace";
import * as tasks from "@/tasks";
import { Linked } from "./linked/task.js";

export const Outer = defineFlow({
  id: "Outer",
  run: async (_: object, flow) => [
    await flow.call(tasks.Alias, {}),
    await flow.call(tasks.Renamed, { n: 2 }),
    await flow.call(Linked, { n: 3 }),
    await flow.call(Inner, { n: 4 }),
  ],
});
`,
  });
  symlinkSync("../elsewhere", project.path("src/linked"));
  mkdirSync(project.path("node_modules/@acme"), { recursive: true });
  symlinkSync("../../packages/shared", project.path("node_modules/@acme/shared"));
  expect((await project.build()).diagnostics).toEqual([]);
  expect(await runFlow(project.root, "Outer")).toEqual([
    [1, "alias"],
    [2, "hash"],
    [3, "linked"],
    [
      [4, "shared"],
      [5, "shared"],
    ],
  ]);
});
