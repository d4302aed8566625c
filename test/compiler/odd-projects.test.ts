/** Projects that are not set up as the scaffolder would: an older TypeScript with its own defaults, and nothing to run. */
import { readFileSync, rmSync } from "node:fs";
import type { Manifest } from "@millrace/core";
import { expect, onTestFinished, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";
import { grown } from "./grown.js";

/** A task whose schemas depend on `strict`, and on which @types are loaded without being named. */
const SOURCE = `import { param, Task, task } from "millrace";

@task()
export class Read extends Task<Ambient> {
  @param() note!: string | null;
  async run(): Promise<Ambient> {
    return { sum: this.note === null ? 0 : this.note.length };
  }
}
`;

async function buildWith(version: string, options: object): Promise<Manifest | undefined> {
  const project = await fixtureProject("older", {
    "package.json": '{ "name": "older", "version": "1.0.0", "type": "module" }',
    "tsconfig.json": JSON.stringify({
      compilerOptions: { target: "es2022", module: "nodenext", noEmit: true, skipLibCheck: true, ...options },
      include: ["src"],
    }),
    "src/read.ts": SOURCE,
  });
  onTestFinished(() => project.remove());
  // Links to this repository's own.
  for (const name of ["typescript", "@types"]) rmSync(project.path("node_modules", name), { recursive: true });
  project.write("node_modules/typescript/package.json", JSON.stringify({ name: "typescript", version }));
  project.write("node_modules/@types/ambient/package.json", '{ "name": "@types/ambient", "version": "1.0.0" }');
  project.write("node_modules/@types/ambient/index.d.ts", "interface Ambient {\n  sum: number;\n}\n");
  const { manifest } = await project.build();
  return manifest;
}

test.each([
  ["5.9 without `strict` and `types`", "5.9.3", {}, { nullable: false, ambient: true }],
  ["5.9 with both", "5.9.3", { strict: true, types: [] }, { nullable: true, ambient: false }],
  ["6 without both", "6.0.2", {}, { nullable: true, ambient: false }],
  ["7 with older settings", "7.0.2", { strict: false, types: ["*"] }, { nullable: false, ambient: true }],
])("TypeScript %s: types mean what they mean to the project's own compiler", async (_, version, options, expected) => {
  const manifest = await buildWith(version, options);
  const { params = [], result } = manifest?.tasks.Read ?? {};
  expect(params.map(({ name, required }) => [name, required])).toEqual([["note", true]]);
  const [note] = params;
  expect(JSON.stringify(note?.schema).includes("null"), JSON.stringify(note)).toBe(expected.nullable);
  expect(JSON.stringify(result?.schema ?? {}).includes('"sum"'), JSON.stringify(result)).toBe(expected.ambient);
});

test("a project without any task builds, says so, and is remembered", async () => {
  await using project = await fixtureProject("idle", {
    "package.json": '{ "name": "idle", "version": "1.0.0", "type": "module" }',
    "tsconfig.json": '{ "compilerOptions": { "noEmit": true, "types": [] }, "include": ["src"] }',
    "src/index.ts": "export const nothing = 1;\n",
  });
  await grown(project);
  const built = await project.flow("build", "--json");
  expect(built).toMatchObject({ code: 0, stderr: expect.stringMatching(/built in .*: 0 flows, 0 tasks/) });
  expect(built.json()).toMatchObject({ ok: true, tasks: [], flows: [], diagnostics: [{ code: "nothing-declared" }] });
  expect(readFileSync(project.path(".flow/types.d.ts"), "utf8")).not.toContain("declare module");
  expect((await project.flow("build")).stderr).toMatch(/unchanged in .*: 0 flows, 0 tasks/);
});
